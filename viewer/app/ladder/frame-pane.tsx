import { useMemo, useState } from 'preact/hooks';
import type { TraceRecordRead } from '../../../runner/bundles/records.ts';
import type { Alignment } from '../../../runner/results/alignment.ts';
import { named } from '../../../runner/results/named.ts';
import type { Row } from '../../model/ladder.ts';
import type { LadderRun } from '../../model/ladder-run.ts';
import { endSays, happeningSays, json, withoutKind } from '../../model/says.ts';
import type { SideName, SideNames } from '../../model/side-name.ts';
import { bytes, number } from '../../model/text.ts';
import { SHAPES } from '../../model/verdict.ts';
import type { PageSet } from '../../page.ts';
import { go } from '../address.ts';
import { standingOf } from '../case/findings.tsx';
import { ruleLink } from '../links.ts';
import { Plain } from '../parts/plain.tsx';
import { FrameBody } from './frame-body.tsx';

/** What there is to know of the row that is looked at. */
export function FramePane({
  row,
  partner,
  side,
  run,
  set,
  alignment,
  steps,
  names,
}: {
  readonly row: Row;
  readonly partner: Row | undefined;
  readonly side: SideName;
  readonly run: LadderRun;
  readonly set: Pick<PageSet, 'words'>;
  readonly alignment: Alignment | undefined;
  readonly steps: readonly string[];
  readonly names: SideNames;
}) {
  const differs = useMemo(() => alignment?.pairs.find((pair) => pair[side] === row.n)?.differs, [alignment, side, row]);
  return (
    <section class="frame-pane" aria-label="What is looked at">
      <button
        type="button"
        class="quiet close"
        aria-label="Close"
        title="Close (Esc)"
        onClick={() => go({ frame: undefined, side: 'observed' }, true)}
      >
        ✕
      </button>
      <Head row={row} prefix={side === 'golden' ? `${names.prefix} · ` : ''} steps={steps} />
      {row.flags.map(({ finding }) => {
        const found = run.findings[finding];
        if (found === undefined || side === 'golden') return null;
        const standing = standingOf(found);
        const rule = named(set.words.requirements, found.requirement);
        return (
          <p key={finding} class={`pinned g-${standing}`}>
            <span class={`mark v-${standing}`} aria-hidden="true">
              {SHAPES[standing]}
            </span>{' '}
            {found.requirement === undefined ? (
              found.judge
            ) : (
              <a href={ruleLink(found.requirement)} title={rule?.text}>
                {found.requirement}
              </a>
            )}{' '}
            <Plain>{found.message}</Plain>
          </p>
        );
      })}
      {differs === undefined ? null : (
        <table class="differences">
          <thead>
            <tr>
              <th scope="col">differs in</th>
              <th scope="col">{names.sends.observed}</th>
              <th scope="col">{names.sends.golden}</th>
            </tr>
          </thead>
          <tbody>
            {differs.map(({ path, observed, golden }) => (
              <tr key={path}>
                <th scope="row">
                  <Plain>{path}</Plain>
                </th>
                <td>
                  <Plain>{shorten(json(observed))}</Plain>
                </td>
                <td>
                  <Plain>{shorten(json(golden))}</Plain>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Body
        row={row}
        partner={partner}
        otherSays={names.member[side === 'observed' ? 'golden' : 'observed']}
        differing={differs?.map(({ path }) => path) ?? []}
      />
    </section>
  );
}

/** Characters of a value that are shown in a table. */
const SHOWN = 300;

function shorten(text: string): string {
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}… (${text.length} characters)`;
}

function Head({ row, prefix: golden, steps }: { readonly row: Row; readonly prefix: string; readonly steps: readonly string[] }) {
  switch (row.kind) {
    case 'frame': {
      const { record, fate, deliveries } = row;
      const [first] = deliveries;
      const fates = {
        delivered: `delivered after ${first === undefined ? '' : (first.t - record.t).toFixed(2)} ms`,
        altered: 'altered by a fault on its way',
        dropped: 'not delivered: it ended at the proxy',
        bent: `held by the proxy for ${first === undefined ? '' : (first.t - record.t).toFixed(2)} ms`,
      };
      return (
        <>
          <h2>
            <Plain class="tag">{record.kind ?? record.frame.kind}</Plain>{' '}
            <Plain class="mono">{withoutKind(record.summary ?? '', record.kind).slice(0, 600)}</Plain>
          </h2>
          <p class="dim">
            {golden}
            {record.from} → {row.way.other} · connection {record.connection}
            {record.stream === undefined ? null : (
              <>
                {' · stream '}
                <Plain>{record.stream}</Plain>
              </>
            )}{' '}
            · event {number(record.n)} · {time(row)} · {fates[fate]}
            {deliveries.length > 1 ? ` · delivered ${deliveries.length} times` : ''}
            {sizeOf(record.frame)}
            {record.masked === true ? ' · secrets masked' : ''}
          </p>
        </>
      );
    }
    case 'arrival':
      return (
        <>
          <h2>
            <span class="tag">{row.sent === undefined ? 'injected' : row.again ? 'again' : 'later'}</span>{' '}
            <Plain class="mono">{(row.record.summary ?? '').slice(0, 600)}</Plain>
          </h2>
          <p class="dim">
            {golden}proxy → {row.record.to} · connection {row.record.connection} · event {number(row.n)} · {time(row)}
            {row.sent === undefined ? ' · a fault made it' : ` · sent ${(row.record.t - row.sent.t).toFixed(2)} ms before`}
            {row.record.altered ? ' · altered by a fault' : ''}
            {sizeOf(row.record.frame)}
          </p>
        </>
      );
    case 'application':
      return (
        <h2>
          {golden}
          {row.record.role} application <Plain class="dim">{row.record.instance}</Plain>{' '}
          <Plain class="mono">{happeningSays(row.record.event).slice(0, 600)}</Plain>
        </h2>
      );
    case 'fault':
      return (
        <h2>
          {golden}fault <Plain class="mono">{row.what}</Plain>
        </h2>
      );
    case 'opened':
      return (
        <h2>
          {golden}connection {row.connection} reached the proxy at {time(row)}
        </h2>
      );
    case 'closed':
      return (
        <h2>
          {golden}connection {row.connection} {endSays(row)} at {time(row)}
        </h2>
      );
    case 'step':
      return (
        <h2>
          step {row.step + 1} <Plain class="mono">{steps[row.step] ?? ''}</Plain>
        </h2>
      );
    case 'gap':
    case 'closing':
      return null;
  }
}

/** When a row was: in nominal ms where they are not those of the clock. */
function time({ t, real }: Row): string {
  const said = `${number(Math.round(t * 10) / 10)} ms`;
  return t === real ? said : `${said} nominal`;
}

function sizeOf(frame: Extract<TraceRecordRead, { readonly type: 'sent' }>['frame']): string {
  if (frame.class !== 'data') return '';
  const length = frame.length ?? Math.floor((frame.data.replace(/=+$/, '').length * 3) / 4);
  return ` · ${bytes(length)}, ${frame.text ? 'text' : 'binary'}${frame.length === undefined ? '' : ', only its beginning was kept'}`;
}

function Body({
  row,
  partner,
  otherSays,
  differing,
}: {
  readonly row: Row;
  readonly partner: Row | undefined;
  readonly otherSays: string;
  readonly differing: readonly string[];
}) {
  const [delivered, setDelivered] = useState(false);
  if (row.kind === 'application')
    return (
      <pre class="value">
        <Plain>{JSON.stringify(row.record.event, null, 2).slice(0, 20_000)}</Plain>
      </pre>
    );
  if (row.kind !== 'frame' && row.kind !== 'arrival') return null;
  const altered = row.kind === 'frame' ? row.deliveries.find((delivery) => delivery.altered) : undefined;
  const shown = delivered && altered !== undefined ? altered : row.record;
  const other = partner?.kind === 'frame' ? partner.record : undefined;
  return (
    <>
      {altered === undefined ? null : (
        <div class="switch">
          <button type="button" class="quiet" aria-pressed={!delivered} onClick={() => setDelivered(false)}>
            as it was sent
          </button>
          <button type="button" class="quiet" aria-pressed={delivered} onClick={() => setDelivered(true)}>
            as it was delivered
          </button>
        </div>
      )}
      <FrameBody
        record={shown}
        sent={row.kind === 'arrival' ? row.sent : undefined}
        other={other}
        otherSays={otherSays}
        differing={differing}
      />
    </>
  );
}
