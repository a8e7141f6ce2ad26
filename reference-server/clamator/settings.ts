import { type ClamatorTimers, readTimers } from '../../protocols/clamator/timers.ts';
import type { ServeParams } from '../../protocols/common/control.ts';
import type { Dial } from '../../protocols/common/environment.ts';

/** How one server is set up. */
export interface ServerSettings {
  readonly instance: string;
  /** By which it names its consumers. */
  readonly id: string;
  readonly prefix: string;
  /** What all names of the run begin with. */
  readonly space: string;
  readonly url: string;
  readonly binding: string;
  readonly timers: ClamatorTimers;
  /** Names of the services that it hosts, in the order in which they are started. */
  readonly services: readonly string[];
  /** From nominal ms to this run's. */
  readonly timeScale: number;
  readonly dial: Dial;
}

/** Reads what `serve` says. `made` is an id of its own, for a server that is given none. Throws an Error for what it cannot be. */
export function serverSettings(params: ServeParams, dial: Dial | undefined, known: readonly string[], made: () => string): ServerSettings {
  const { prefix, ownId, services, timeScale } = params.options;
  if (dial === undefined || params.url === undefined) throw new Error('a server of clamator dials Redis, and was not told where it is');
  const hosted = Array.isArray(services) ? services.map(String) : known;
  const unknown = hosted.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`there is no service ${JSON.stringify(unknown)}; there is ${known.join(', ')}`);
  if (new Set(hosted).size < hosted.length) throw new Error('a service was registered twice');
  const space = params.space ?? '';
  return {
    instance: params.server,
    id: ownId === true ? made() : params.serverId,
    prefix: `${space}${typeof prefix === 'string' ? prefix : ''}`,
    space,
    url: params.url,
    binding: params.binding,
    timers: readTimers(params.timers),
    services: hosted,
    timeScale: typeof timeScale === 'number' ? timeScale : 1,
    dial,
  };
}
