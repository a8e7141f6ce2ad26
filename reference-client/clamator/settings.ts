import { type EndSettings, endSettings } from '../../protocols/clamator/peer/end-settings.ts';
import type { ConnectParams } from '../../protocols/common/control.ts';
import type { Dial } from '../../protocols/common/environment.ts';

/** How one client is set up. */
export interface ClientSettings extends EndSettings {
  /** It is not started by its first call. */
  readonly isHeld: boolean;
}

/** Reads what `connect` says. `made` is an id of its own, for a client that is given none. */
export function clientSettings(params: ConnectParams, dial: Dial, made: () => string): ClientSettings {
  const { client: instance, clientId: id, url } = params;
  return { ...endSettings(params, { instance, id, url, dial }, made), isHeld: params.options['held'] === true };
}
