import type { RefObject } from 'preact';
import { useMemo } from 'preact/hooks';
import { plain } from '../../../protocols/common/plain.ts';
import type { Row } from '../../model/ladder.ts';
import { isNarrow, type LadderFilter, SHOW_ALL } from '../../model/shown-rows.ts';
import { go } from '../address.ts';

/** What of a trace is shown: choices, a search, and the switch of the golden trace. */
export function LadderBar({
  filter,
  onFilter,
  rows,
  golden,
  goldenMissing,
  search,
  besideSays,
}: {
  readonly filter: LadderFilter;
  readonly onFilter: (filter: LadderFilter) => void;
  readonly rows: readonly Row[];
  readonly golden: boolean | undefined;
  /** Undefined: nothing is said of one. */
  readonly goldenMissing: string | undefined;
  readonly search: RefObject<HTMLInputElement | null>;
  /** What the switch of the second ladder says. */
  readonly besideSays: string;
}) {
  const { streams, kinds, connections, hasSteps, hasApplications } = useMemo(() => choicesOf(rows), [rows]);
  return (
    <div class="ladder-bar">
      <input
        ref={search}
        type="search"
        aria-label="Search frames"
        placeholder="search frames ( / )"
        value={filter.words}
        onInput={(event) => onFilter({ ...filter, words: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          onFilter({ ...filter, words: '' });
          event.currentTarget.blur();
        }}
      />
      <Choice
        says="stream"
        any="every stream"
        values={streams}
        value={filter.streams[0]}
        choose={(value) => onFilter({ ...filter, streams: value === undefined ? [] : [value] })}
      />
      <Choice
        says="kind"
        any="every kind"
        values={kinds}
        value={filter.kinds[0]}
        choose={(value) => onFilter({ ...filter, kinds: value === undefined ? [] : [value] })}
      />
      <Choice
        says="connection"
        any="every connection"
        values={connections}
        value={filter.connections[0] === undefined ? undefined : String(filter.connections[0])}
        choose={(value) => onFilter({ ...filter, connections: value === undefined ? [] : [Number(value)] })}
      />
      <Choice
        says="direction"
        any="both ways"
        values={['client', 'server']}
        word={(value) => `from the ${value}`}
        value={filter.from}
        choose={(value) => onFilter({ ...filter, from: value === 'client' || value === 'server' ? value : undefined })}
      />
      {hasSteps || !filter.steps ? (
        <label class="check">
          <input type="checkbox" checked={filter.steps} onChange={(event) => onFilter({ ...filter, steps: event.currentTarget.checked })} />{' '}
          steps
        </label>
      ) : null}
      {hasApplications || !filter.application ? (
        <label class="check">
          <input
            type="checkbox"
            checked={filter.application}
            onChange={(event) => onFilter({ ...filter, application: event.currentTarget.checked })}
          />{' '}
          applications
        </label>
      ) : null}
      {golden === undefined ? (
        goldenMissing === undefined ? null : (
          <span class="dim" title={goldenMissing}>
            no golden trace
          </span>
        )
      ) : (
        <label class="check">
          <input type="checkbox" checked={golden} onChange={(event) => go({ golden: event.currentTarget.checked }, true)} /> {besideSays}
        </label>
      )}
      {isNarrow(filter) ? (
        <button type="button" class="quiet" onClick={() => onFilter(SHOW_ALL)}>
          show all
        </button>
      ) : null}
    </div>
  );
}

function Choice({
  says,
  any,
  values,
  value,
  choose,
  word = (each) => each,
}: {
  readonly says: string;
  readonly any: string;
  readonly values: readonly string[];
  readonly value: string | undefined;
  readonly choose: (value: string | undefined) => void;
  readonly word?: (value: string) => string;
}) {
  if (values.length < 2 && value === undefined) return null;
  return (
    <select
      aria-label={says}
      class={value === undefined ? '' : 'on'}
      value={value ?? ''}
      onChange={(event) => choose(event.currentTarget.value || undefined)}
    >
      <option value="">{any}</option>
      {values.map((each) => (
        <option key={each} value={each}>
          {plain(word(says === 'connection' ? `connection ${each}` : each))}
        </option>
      ))}
    </select>
  );
}

/** What there is to choose from. */
interface Choices {
  readonly streams: string[];
  readonly kinds: string[];
  readonly connections: string[];
  readonly hasSteps: boolean;
  readonly hasApplications: boolean;
}

function choicesOf(rows: readonly Row[]): Choices {
  let [hasSteps, hasApplications] = [false, false];
  const [streams, kinds, connections] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const row of rows) {
    if (row.connection !== undefined) connections.add(String(row.connection));
    hasSteps ||= row.kind === 'step';
    hasApplications ||= row.kind === 'application';
    if (row.kind !== 'frame') continue;
    if (row.record.stream !== undefined) streams.add(row.record.stream);
    if (row.record.kind !== undefined) kinds.add(row.record.kind);
  }
  return { streams: [...streams], kinds: [...kinds].sort(), connections: [...connections], hasSteps, hasApplications };
}
