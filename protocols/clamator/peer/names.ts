import type { Environment } from '../../common/environment.ts';

/** `<prefix>:cmds:<service>` (CLAMATOR-KEY-01). */
export function commandsOf(prefix: string, service: string): string {
  return `${prefix}:cmds:${service}`;
}

/** `<prefix>:replies:<instance>` (CLAMATOR-KEY-02). */
export function repliesOf(prefix: string, instance: string): string {
  return `${prefix}:replies:${instance}`;
}

/** An id of the form of a UUID, version 4. */
export function uuid(environment: Environment): string {
  const digit = (most = 16): string => Math.floor(environment.random() * most).toString(16);
  const digits = (count: number): string => Array.from({ length: count }, () => digit()).join('');
  return `${digits(8)}-${digits(4)}-4${digits(3)}-${'89ab'[Math.floor(environment.random() * 4)]}${digits(3)}-${digits(12)}`;
}
