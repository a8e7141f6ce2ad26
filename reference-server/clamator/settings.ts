import { type EndSettings, endSettings } from '../../protocols/clamator/peer/end-settings.ts';
import type { ServeParams } from '../../protocols/common/control.ts';
import type { Dial } from '../../protocols/common/environment.ts';

/** How one server is set up. */
export interface ServerSettings extends EndSettings {
  /** Names of the services that it hosts, in the order in which they are started. */
  readonly services: readonly string[];
  /** Services that are registered once it has started (CLAMATOR-LIFE-02). */
  readonly late: readonly string[];
}

/** Reads what `serve` says. `made` is an id of its own, for a server that is given none. Throws an Error for what it cannot be. */
export function serverSettings(params: ServeParams, dial: Dial | undefined, known: readonly string[], made: () => string): ServerSettings {
  const { server: instance, serverId: id, url } = params;
  const { services, late } = params.options;
  if (dial === undefined || url === undefined) throw new Error('a server of clamator dials Redis, and was not told where it is');
  const hosted = { services: Array.isArray(services) ? services.map(String) : known, late: Array.isArray(late) ? late.map(String) : [] };
  const unknown = [...hosted.services, ...hosted.late].find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`there is no service ${JSON.stringify(unknown)}; there is ${known.join(', ')}`);
  return { ...endSettings(params, { instance, id, url, dial }, made), ...hosted };
}
