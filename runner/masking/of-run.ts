import { join, relative } from 'node:path';
import { latin1 } from '../../protocols/common/latin1.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { TraceEvent } from '../../protocols/common/trace.ts';
import type { LoadedCase } from '../cases/case.ts';
import type { Completed } from '../execute/case-run.ts';
import { packageRoot } from '../package-root.ts';
import type { PlannedRun } from '../plan/plan.ts';
import { type Secret, secretsIn } from './gather.ts';
import { secretsInHead } from './head.ts';
import type { Masker } from './masker.ts';
import { type SecretKeys, secretsInBytes } from './secret-keys.ts';
import type { Secrets } from './secrets.ts';
import { secretsBehind } from './veil.ts';

/** The secrets that a case gives its ends, in the order of the file. */
export function secretsOfCase({ server, steps, expect }: Pick<LoadedCase, 'server' | 'steps' | 'expect'>, keys: SecretKeys): Secret[] {
  const written = [server.options, steps.map(({ action }) => action), expect.map(({ check }) => check)];
  return [...secretsIn(written, keys)];
}

/** Learns what a run showed of secrets. Gives those that stand under names, in the order in which they came; the rest is told in texts. */
export function learnFromWire(secrets: Secrets, trace: Iterable<TraceEvent>, protocol: Protocol): Secret[] {
  const seen: Secret[] = [];
  for (const event of trace) {
    const { named, told } = secretsOf(event, protocol, secrets.keys);
    secrets.learn(named);
    secrets.learn(told);
    for (const secret of named) seen.push(secret);
  }
  return seen;
}

/** Secrets that an event shows: under names, in the order in which they came, and told in texts. */
interface Shown {
  readonly named: readonly Secret[];
  readonly told: Iterable<Secret>;
}

function secretsOf(event: TraceEvent, protocol: Protocol, keys: SecretKeys): Shown {
  if (event.type === 'application') return { named: [...secretsIn(event.event, keys)], told: [] };
  if (event.type !== 'sent' && event.type !== 'delivered') return NOTHING;
  const { frame, decoded } = event;
  if (frame.class === 'opening') return { named: [], told: secretsInHead(frame.data, keys) };
  if (frame.class !== 'data') return NOTHING;
  if (decoded?.ok === true) {
    const { message } = decoded;
    return { named: [...secretsIn(message, keys, protocol.secretPaths(message, keys))], told: secretsInBytes(frame.data, keys) };
  }
  const named = secretsBehind(latin1(frame.data), protocol.secretWords);
  if (named === undefined && (keys.configured ?? []).length === 0) return NOTHING;
  return { named: named ?? [], told: secretsInBytes(frame.data, keys) };
}

const NOTHING: Shown = { named: [], told: [] };

/** Events of a run that passed which are searched for secrets that only its adapter knows; a longer trace tells nothing that is shown. */
const SEARCHED = 20_000;

/** What the maskers of a run of the corpus are made from. */
export interface MaskerMatter {
  readonly planned: readonly PlannedRun[];
  readonly protocol: Protocol;
  readonly secrets: Secrets;
  /** Whether somebody else may tell what passed on the wire: the adapter of an implementation. */
  readonly implementation: object | undefined;
}

/**
 * Gives each case-run the masker that knows what is its own: first the secrets of its case, then those seen on its wire. What one
 * case-run knows, all that come after it mask.
 */
export function maskerSource({
  planned,
  protocol,
  secrets,
  implementation,
}: MaskerMatter): (planned: PlannedRun, completed: Pick<Completed, 'judged' | 'performance'>) => Masker {
  const ofCases = learnFromCases({ planned, protocol, secrets });
  return ({ case: loaded }, { judged, performance }) => {
    const own = ofCases.get(loaded) ?? [];
    const trace = performance?.wholeTrace ?? [];
    const searched = judged.verdict !== 'pass' || (implementation !== undefined && trace.length <= SEARCHED);
    const seen = searched ? learnFromWire(secrets, trace, protocol) : [];
    return secrets.maskerOf([...own, ...seen]);
  };
}

/** Learns what the cases of a plan trust their ends with, and gives it by case. */
export function learnFromCases({
  planned,
  protocol,
  secrets,
}: Pick<MaskerMatter, 'planned' | 'protocol' | 'secrets'>): ReadonlyMap<LoadedCase, readonly Secret[]> {
  secrets.speaks(protocol);
  const ofCases = new Map<LoadedCase, readonly Secret[]>();
  for (const { case: loaded } of planned) {
    if (ofCases.has(loaded)) continue;
    const own = secretsOfCase(loaded, secrets.keys);
    ofCases.set(loaded, own);
    secrets.learn(own, isPublished(loaded));
  }
  return ofCases;
}

/** Whether everybody has what the case trusts its ends with: it comes with Weir, or says so. */
export function isPublished(of: Pick<LoadedCase, 'file' | 'public'>): boolean {
  return of.public === true || !relative(join(packageRoot(), 'cases'), of.file).startsWith('..');
}
