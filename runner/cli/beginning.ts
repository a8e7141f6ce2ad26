import type { RunStart } from '../../reporters/reporter.ts';
import { packageVersion } from '../package-root.ts';
import type { CaseSet } from '../plan/case-set.ts';
import type { EndFacts } from '../plan/plan.ts';
import { referenceFacts } from '../plan/reference-facts.ts';
import { endName } from '../results/assemble.ts';
import type { LinesHead } from '../results/lines.ts';
import type { Loaded } from './load.ts';
import type { Opened } from './open.ts';
import type { Preparation } from './preparation.ts';
import type { RunOptions } from './run-options.ts';

/** The implementations of a run: the one under test, and the one at the other end. */
export interface Cast {
  readonly implementation: Opened | undefined;
  readonly against: Opened | undefined;
}

/** All that is settled of a run when it begins. */
export interface Beginning {
  readonly loaded: Loaded;
  readonly options: RunOptions & { readonly seed: number };
  readonly cast: Cast;
  readonly prepared: Preparation;
  /** The frozen set that is scored against. */
  readonly set: CaseSet | undefined;
  /** ISO 8601. */
  readonly startedAt: string;
}

/** What an end says of itself; undefined: of our own. */
export function endFactsOf(opened: Opened | undefined, { protocol }: Loaded): EndFacts {
  return opened === undefined ? referenceFacts(protocol) : { ...opened.open.info, reference: false };
}

/** What those who follow a run are told at its beginning. */
export function runStartOf({ loaded, options, cast: { implementation, against }, prepared }: Beginning): RunStart {
  const { planned, world, worldName } = prepared;
  const nameOf = ({ open: { info } }: Opened): string => `${info.name} ${info.version}`;
  const skipped = planned.filter(({ skip }) => skip !== undefined).length;
  return {
    protocol: loaded.protocol.title,
    world: worldName,
    seed: options.seed,
    timeScale: world.timeScale,
    total: planned.length - skipped,
    skipped,
    implementation:
      implementation === undefined ? undefined : `${nameOf(implementation)}${against === undefined ? '' : ` against ${nameOf(against)}`}`,
  };
}

/** What its lines of results begin with. */
export function linesHeadOf({ loaded, options, cast: { implementation }, prepared, set, startedAt }: Beginning): LinesHead {
  const { planned, world, worldName } = prepared;
  return {
    'weir-results-lines': 1,
    weir: packageVersion(),
    protocol: loaded.protocol.name,
    startedAt,
    world: worldName,
    seed: options.seed,
    timeScale: world.timeScale,
    ...(implementation === undefined ? {} : { implementation: endName(endFactsOf(implementation, loaded)) }),
    ...(options.shard === undefined ? {} : { shard: options.shard }),
    ...(set === undefined ? {} : { set: set.name }),
    planned: planned.length,
  };
}
