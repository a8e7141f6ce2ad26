import type { CallLanguage } from '../../protocols/common/call-kind.ts';
import { peerOf, type Role } from '../../protocols/common/frame.ts';
import type { Step } from './step.ts';

/** Names of the parts in a call that each role may play in a case. */
export type Parts = Readonly<Record<Role, readonly string[]>>;

/**
 * Which parts the steps give to each role: who starts a call is its caller, the other end answers. Where the case makes none, or an
 * end is scripted and may do anything by hand, either may play any. `roleOf` tells the role of an instance by its name.
 */
export function partsOf(
  steps: readonly Pick<Step, 'action'>[],
  parts: CallLanguage['parts'],
  roleOf: (name: string) => Role,
): Parts | undefined {
  if (parts === undefined) return undefined;
  const callers = new Set(steps.flatMap(({ action }) => (action.kind === 'invoke' ? [roleOf(action.at)] : [])));
  const open = callers.size === 0 || steps.some(({ action }) => action.kind === 'peer');
  const of = (role: Role): string[] =>
    Object.entries(parts).flatMap(([name, part]) => (open || callers.has(part === 'caller' ? role : peerOf(role)) ? [name] : []));
  return { client: of('client'), server: of('server') };
}
