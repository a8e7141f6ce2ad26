import type { CallLanguage } from '../../protocols/common/call-kind.ts';
import type { ApiShape } from '../../protocols/common/control.ts';
import { peerOf, type Role } from '../../protocols/common/frame.ts';
import type { Corpus, LoadedCase } from '../cases/case.ts';
import { runId } from './run-id.ts';
import { axesMatcher, type Selection, select } from './select.ts';
import { SelectionError } from './selection-error.ts';
import { beyondShapes } from './shapes.ts';

/** What the planner must know of an implementation, or of the reference peer. */
export interface EndFacts {
  readonly name: string;
  readonly version: string;
  /** True for our own peers: they lack nothing and can be scripted. */
  readonly reference: boolean;
  readonly roles: readonly Role[];
  readonly bindings: readonly string[];
  readonly features: readonly string[];
  /** Timers that it cannot set, and the values they have (`initialize`, manifest). */
  readonly timers?: Readonly<Record<string, number>> | undefined;
  /** What its API cannot show. */
  readonly shapes?: readonly ApiShape[] | undefined;
}

/** Who stands at which end. `underTest` is judged; `peer` is what it talks to, usually the reference peer. */
export interface Ends {
  readonly underTest: EndFacts;
  readonly peer: EndFacts;
}

/** Timers that either end cannot set, with the values they have: ms of wall clock, counts as they are. */
export type FixedTimers = Readonly<Partial<Record<Role, Readonly<Record<string, number>>>>>;

/** One run to make, or to skip. */
export interface PlannedRun {
  /** `river/rpc/add@client+json`, with `#2` and so on for repeats. */
  readonly id: string;
  readonly case: LoadedCase;
  /** The role under test. */
  readonly role: Role;
  readonly binding: string;
  /** Counts from 1. */
  readonly repeat: number;
  readonly client: EndFacts;
  readonly server: EndFacts;
  /** Why it is not run, where it is not. */
  readonly skip: string | undefined;
  readonly fixedTimers?: FixedTimers | undefined;
  /** It is run with times as they are nominally, since a fixed timer cannot be scaled. */
  readonly unscaled?: boolean | undefined;
}

/** How often, and under which bindings of the protocol, to run. */
export interface PlanOptions {
  /** All bindings of the protocol. */
  readonly bindings: readonly string[];
  /** Times each run is made (default 1). */
  readonly repeat?: number;
  /** See `Protocol`. */
  readonly kinds?: CallLanguage['kinds'] | undefined;
}

/** Case-runs of one run: each is a record in memory, and a results file of more could be read by nobody. */
const MOST_RUNS = 2 ** 18;

/** case × binding × role × repeat, in order of case id. Throws `SelectionError` when the selection names nothing, or far too much. */
export function plan(corpus: Corpus, selection: Selection, ends: Ends, options: PlanOptions): readonly PlannedRun[] {
  const bindings = options.bindings.filter((binding) => selection.bindings === undefined || selection.bindings.includes(binding));
  const runs: PlannedRun[] = [];
  const wanted = axesMatcher(corpus.protocol, selection.patterns);
  for (const loaded of select(corpus, selection, options.bindings)) {
    for (const role of loaded.roles) {
      if (selection.roles !== undefined && !selection.roles.includes(role)) continue;
      for (const binding of bindings) {
        if (loaded.bindings !== undefined && !loaded.bindings.includes(binding)) continue;
        if (!wanted(loaded, role, binding)) continue;
        const skip = skipReason(loaded, role, binding, corpus, ends, options);
        const pair = role === 'client' ? { client: ends.underTest, server: ends.peer } : { client: ends.peer, server: ends.underTest };
        if (runs.length + (options.repeat ?? 1) > MOST_RUNS) throw tooMany(options.repeat ?? 1);
        for (let repeat = 1; repeat <= (options.repeat ?? 1); repeat += 1) {
          runs.push({ id: runId(loaded.id, role, binding, repeat), case: loaded, role, binding, repeat, ...pair, skip });
        }
      }
    }
  }
  return runs;
}

function tooMany(repeat: number): SelectionError {
  return new SelectionError(
    `repeated ${repeat} times the cases make more than ${MOST_RUNS} case-runs, which no results file holds; name fewer cases, or repeat them less often (--repeat)`,
  );
}

function skipReason(loaded: LoadedCase, role: Role, binding: string, corpus: Corpus, ends: Ends, options: PlanOptions): string | undefined {
  const scripted = loaded.steps.some(({ action }) => action.kind === 'peer');
  if (scripted && !ends.peer.reference) return `its peer steps need the reference ${peerOf(role)}, not ${ends.peer.name}`;
  return lacks(ends.underTest, role) ?? lacks(ends.peer, peerOf(role));

  function lacks(end: EndFacts, plays: Role): string | undefined {
    if (end.reference) return undefined;
    if (!end.roles.includes(plays)) return `${end.name} has no ${plays}`;
    if (!end.bindings.includes(binding)) return `${end.name} has no ${binding} binding`;
    const needed = loaded.needs.filter((name) => {
      const feature = corpus.features.get(name);
      return feature === undefined || feature.role === 'both' || feature.role === plays;
    });
    const beyond = beyondShapes(loaded, end.shapes ?? [], options.kinds ?? {});
    if (beyond !== undefined) return `${end.name} ${beyond}`;
    const missing = needed.filter((name) => !end.features.includes(name));
    return missing.length === 0 ? undefined : `${end.name} does not declare ${missing.map((name) => `\`${name}\``).join(', ')}`;
  }
}
