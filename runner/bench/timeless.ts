import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bindingNames } from '../../protocols/common/binding.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import { concerning, parseKnownFailures } from '../adapters/known-failures.ts';
import type { Implementation } from '../adapters/manifest.ts';
import type { LoadedCase } from '../cases/case.ts';
import { loadCorpus } from '../cases/load.ts';
import { declaredWaitMs } from '../execute/longest-first.ts';
import { packageRoot } from '../package-root.ts';

/** Steps beyond which a case measures how fast many messages go, and not how fast cases do. */
const MANY_STEPS = 200;

/** What is awaited in time, or lets time pass. */
const TIMED = new Set(['quiet', 'fault', 'toxic', 'peer', 'await', 'opened', 'closed', 'status']);

/** Ids of the cases of a protocol in which no time must pass, and little is sent. */
export function casesWithoutTimers(language: Protocol): readonly string[] {
  const { cases } = loadCorpus({ folder: join(packageRoot(), 'cases', language.name), language });
  return [...new Set(cases.filter(isTimeless).map(({ id }) => id))];
}

/**
 * Whether a case is one of them: no declared wait, no fault, no heartbeat to be seen, no timer of its own; not tagged as large, and not
 * hundreds of steps long.
 */
export function isTimeless(loaded: Pick<LoadedCase, 'steps' | 'tags' | 'server'>): boolean {
  const { steps, tags, server } = loaded;
  if (declaredWaitMs(loaded) > 0 || tags.includes('large') || steps.length > MANY_STEPS || isTimed(server.timers)) return false;
  return steps.every(({ action }) => !TIMED.has(action.kind) && !(action.kind === 'connect' && isTimed(action.timers)));
}

function isTimed(timers: Readonly<Record<string, unknown>> | undefined): boolean {
  return Object.keys(timers ?? {}).length > 0;
}

/**
 * Patterns for what of these cases an implementation is not known to fail every time: most of that fails by what never comes, and is waited for. A case
 * of which only some case-runs fail is named by the others.
 */
export function withoutKnownFailures(
  { knownFailures, label, roles, bindings }: Implementation,
  protocol: Protocol,
  ids: readonly string[],
): readonly string[] {
  if (knownFailures === undefined) return ids;
  const steady = parseKnownFailures(knownFailures, readFileSync(knownFailures, 'utf8')).filter(({ flaky }) => flaky === undefined);
  const listed = concerning(steady, label);
  const spoken = bindings ?? bindingNames(protocol);
  const axes = roles.flatMap((role) => spoken.map((binding) => ({ role, binding })));
  return ids.flatMap((id) => {
    const fine = axes.filter(({ role, binding }) => listed({ case: id, role, binding }).length === 0);
    return fine.length === axes.length ? [id] : fine.map(({ role, binding }) => `${id}@${role}+${binding}`);
  });
}
