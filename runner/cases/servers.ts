import { SERVER_NAME } from '../../protocols/common/instance.ts';
import type { Step } from './step.ts';

/** What a case calls its servers: the one that is there without a step, and those that steps start. */
export function serverNames(steps: readonly Pick<Step, 'action'>[]): ReadonlySet<string> {
  return new Set([SERVER_NAME, ...steps.flatMap(({ action }) => (action.kind === 'serve' ? [action.server] : []))]);
}
