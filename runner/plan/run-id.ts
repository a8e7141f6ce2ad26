import type { Role } from '../../protocols/common/frame.ts';

/** `river/rpc/add@client+json`, `river/rpc/add@client+json#2`. */
export function runId(caseId: string, role: Role, binding: string, repeat: number): string {
  return `${caseId}@${role}+${binding}${repeat > 1 ? `#${repeat}` : ''}`;
}

/** The id of what is run, whichever role is judged by it: `river/rpc/add+json#2`. */
export function withoutRole(id: string): string {
  return id.replace(/@(client|server)(?=\+)/, '');
}

/** The id of the case of a run. */
export function caseIdOf(id: string): string {
  return id.replace(/@[^@]*$/, '');
}

/** The id of a run without the number of its repeat. */
export function withoutRepeat(id: string): string {
  return id.replace(/#\d+$/, '');
}
