import type { HttpField } from '../../carriers/http/head.ts';
import { joinedValue, valuesOf } from '../../carriers/http/head.ts';
import { acceptOf } from '../../carriers/websocket/accept-key.ts';
import { acceptFields, readUpgrade, requestFields, type UpgradeRequest, type UpgradeResponse } from '../../carriers/websocket/heads.ts';
import type { StepInWords } from '../../common/retelling.ts';
import type { Trace } from '../../common/trace.ts';
import { setOwn } from '../../common/value.ts';
import { ENDPOINT, SUBPROTOCOL, type SwillFrame } from '../frame.ts';

/** What was seen of the upgrade of a connection. */
export interface Upgrade {
  /** Undefined: nothing was asked for that can be read. */
  readonly request: UpgradeRequest | undefined;
  readonly response: UpgradeResponse | undefined;
}

/** The first request and the first answer of each connection. */
export function upgradesOf(trace: Trace<SwillFrame>): ReadonlyMap<number, Upgrade> {
  const upgrades = new Map<number, Upgrade>();
  for (const event of trace) {
    if (event.type !== 'sent' || event.frame.class !== 'opening') continue;
    const head = readUpgrade(event.frame.data);
    const known = upgrades.get(event.connection) ?? { request: undefined, response: undefined };
    if (head?.kind === 'request') upgrades.set(event.connection, { ...known, request: known.request ?? head });
    if (head?.kind === 'response') upgrades.set(event.connection, { ...known, response: known.response ?? head });
  }
  return upgrades;
}

/** The path at which the server of a trace is: that of all connections that it accepted, where it is not the usual one. */
export function pathOfServer(upgrades: ReadonlyMap<number, Upgrade>): string | undefined {
  const paths = new Set<string>();
  for (const { request, response } of upgrades.values()) if (response?.status === 101 && request !== undefined) paths.add(request.path);
  const [path, other] = paths;
  return other !== undefined || path === ENDPOINT ? undefined : path;
}

/** Fields that any library adds by itself, and that mean nothing to a server of Swill. */
const OF_LIBRARIES = /^(?:user-agent|origin|accept(?:-.+)?|cache-control|pragma|sec-fetch-.+|dnt|content-length)$/;

/** Fields of the upgrade itself. */
const OF_UPGRADE = /^(?:host|upgrade|connection|sec-websocket-.+)$/;

/** Fields that an application gave its client, by name. */
export function givenFields({ fields }: UpgradeRequest): Readonly<Record<string, string>> {
  const given: Record<string, string> = {};
  for (const { name } of fields) {
    const lower = name.toLowerCase();
    if (OF_UPGRADE.test(lower) || OF_LIBRARIES.test(lower)) continue;
    setOwn(given, name, joinedValue(fields, name) ?? '');
  }
  return given;
}

/** What a script dials with so that it asks as this upgrade did, `path` being what it asks for anyway. */
export function dialWords(request: UpgradeRequest | undefined, path: string): StepInWords {
  if (request === undefined) return { silent: true };
  const { method, subprotocols, fields, key } = request;
  const usual = requestFields('', key ?? '', subprotocols);
  const headers = changesOf(fields, usual, (name, value) => name === 'host' || (name === 'sec-websocket-key' && isKey(value)));
  return {
    ...(method === 'GET' ? {} : { method }),
    ...(request.path === path ? {} : { path: request.path }),
    ...(subprotocols.length === 1 && subprotocols[0] === SUBPROTOCOL ? {} : { subprotocols }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
  };
}

/** How a script answers an upgrade so that it is answered as this one was; undefined where a conforming server does the same. */
export function answerWords({ request, response }: Upgrade): StepInWords | undefined {
  if (response === undefined) return undefined;
  const { status, fields } = response;
  const isPlain = request !== undefined && isProper(request);
  // What no conforming server accepts is refused by itself.
  if (status !== 101) return isPlain ? { status } : undefined;
  const usual = acceptFields(request?.key ?? '', SUBPROTOCOL);
  const fits = (name: string, value: string): boolean => name === 'sec-websocket-accept' && value === acceptOf(request?.key ?? '');
  const headers = changesOf(fields, usual, (name, value) => fits(name, value) || name === 'date' || name === 'server');
  return Object.keys(headers).length === 0 ? undefined : { headers };
}

/** Whether a conforming server accepts it, whatever its path is. */
function isProper({ method, upgrades, key, subprotocols, fields }: UpgradeRequest): boolean {
  return (
    method === 'GET' &&
    upgrades &&
    key !== undefined &&
    subprotocols.includes(SUBPROTOCOL) &&
    valuesOf(fields, 'sec-websocket-version').includes('13')
  );
}

function isKey(value: string): boolean {
  return Buffer.from(value, 'base64').length === 16;
}

/** Fields that differ from the usual ones: as they are, null where one is missing; those that `isFree` are not looked at. */
function changesOf(
  fields: readonly HttpField[],
  usual: readonly HttpField[],
  isFree: (name: string, value: string) => boolean,
): Readonly<Record<string, string | readonly string[] | null>> {
  const changes: Record<string, string | readonly string[] | null> = {};
  const present = new Set(fields.map(({ name }) => name.toLowerCase()));
  for (const { name } of usual) {
    const lower = name.toLowerCase();
    if (!present.has(lower) && lower !== 'host') setOwn(changes, name, null);
  }
  for (const name of new Set(fields.map((field) => field.name))) {
    const lower = name.toLowerCase();
    const values = valuesOf(fields, name);
    const [value = '', second] = values;
    const expected = usual.find((field) => field.name.toLowerCase() === lower)?.value;
    if (second === undefined && (isFree(lower, value) || expected?.toLowerCase() === value.toLowerCase())) continue;
    setOwn(changes, name, second === undefined ? value : values);
  }
  return changes;
}
