import { type ClamatorTimers, readTimers } from '../../protocols/clamator/timers.ts';
import type { ConnectParams } from '../../protocols/common/control.ts';
import type { Dial } from '../../protocols/common/environment.ts';

/** How one client is set up. */
export interface ClientSettings {
  readonly instance: string;
  /** By which it names its reply stream. */
  readonly id: string;
  readonly prefix: string;
  /** What all names of the run begin with. */
  readonly space: string;
  readonly url: string;
  readonly binding: string;
  readonly timers: ClamatorTimers;
  /** From nominal ms to this run's. */
  readonly timeScale: number;
  readonly dial: Dial;
  /** It is not started by its first call. */
  readonly isHeld: boolean;
}

/** Reads what `connect` says. `made` is an id of its own, for a client that is given none. */
export function clientSettings(params: ConnectParams, dial: Dial, made: () => string): ClientSettings {
  const { prefix, ownId, held, timeScale } = params.options;
  const space = params.space ?? '';
  return {
    instance: params.client,
    id: ownId === true ? made() : params.clientId,
    prefix: `${space}${typeof prefix === 'string' ? prefix : ''}`,
    space,
    url: params.url,
    binding: params.binding,
    timers: readTimers(params.timers),
    timeScale: typeof timeScale === 'number' ? timeScale : 1,
    dial,
    isHeld: held === true,
  };
}
