import type { ConnectParams, ServeParams } from '../../common/control.ts';
import type { Dial } from '../../common/environment.ts';
import { type ClamatorTimers, readTimers } from '../timers.ts';

/** How one end is set up, client or server: both dial Redis. */
export interface EndSettings {
  readonly instance: string;
  /** By which it names its reply stream, or its consumers. */
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
}

/** Reads what `connect` and `serve` say alike. `made` is an id of its own, for an end that is given none. */
export function endSettings(
  params: ConnectParams | ServeParams,
  { instance, id, url, dial }: Pick<EndSettings, 'instance' | 'id' | 'url' | 'dial'>,
  made: () => string,
): EndSettings {
  const { prefix, ownId, resp, timeScale } = params.options;
  const space = params.space ?? '';
  return {
    instance,
    id: ownId === true ? made() : id,
    prefix: `${space}${typeof prefix === 'string' ? prefix : ''}`,
    space,
    url,
    binding: typeof resp === 'number' ? `resp${resp}` : params.binding,
    timers: readTimers(params.timers),
    timeScale: typeof timeScale === 'number' ? timeScale : 1,
    dial,
  };
}
