import { type EndSettings, endSettings } from '../../protocols/clamator/peer/end-settings.ts';
import type { ServeParams } from '../../protocols/common/control.ts';
import type { Dial } from '../../protocols/common/environment.ts';

/** How one server is set up. */
export interface ServerSettings extends EndSettings {
  /** Names of the services that it hosts, in the order in which they are started. */
  readonly services: readonly string[];
}

/** Reads what `serve` says. `made` is an id of its own, for a server that is given none. Throws an Error for what it cannot be. */
export function serverSettings(params: ServeParams, dial: Dial | undefined, known: readonly string[], made: () => string): ServerSettings {
  const { server: instance, serverId: id, url } = params;
  const { services } = params.options;
  if (dial === undefined || url === undefined) throw new Error('a server of clamator dials Redis, and was not told where it is');
  const hosted = Array.isArray(services) ? services.map(String) : known;
  const unknown = hosted.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`there is no service ${JSON.stringify(unknown)}; there is ${known.join(', ')}`);
  if (new Set(hosted).size < hosted.length) throw new Error('a service was registered twice');
  return { ...endSettings(params, { instance, id, url, dial }, made), services: hosted };
}
