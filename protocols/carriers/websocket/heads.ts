import * as z from 'zod';
import { latin1 } from '../../common/latin1.ts';
import { mismatch } from '../../common/pattern.ts';
import { type HttpField, joinedValue, readHead, valuesOf } from '../http/head.ts';
import { headBytes } from '../http/write.ts';
import { acceptOf } from './accept-key.ts';

/** What an upgrade asks for (RFC 6455, section 4.1), as its head says it. */
export interface UpgradeRequest {
  readonly kind: 'request';
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  /** Whether it asks for WebSocket at all. */
  readonly upgrades: boolean;
  readonly key: string | undefined;
  /** Subprotocols in the order in which they are offered, as they are written: no rule of tokens is asked of them. */
  readonly subprotocols: readonly string[];
  readonly fields: readonly HttpField[];
}

/** The answer to one. */
export interface UpgradeResponse {
  readonly kind: 'response';
  readonly status: number;
  /** What its `Sec-WebSocket-Protocol` fields hold, one after the other. */
  readonly subprotocols: readonly string[];
  readonly fields: readonly HttpField[];
}

/** A head of an upgrade, read; undefined where it is none that can be. */
export function readUpgrade(head: Uint8Array): UpgradeRequest | UpgradeResponse | undefined {
  const isResponse = latin1(head.subarray(0, 5)) === 'HTTP/';
  const read = readHead(head, isResponse ? 'response' : 'request');
  if (!read.ok) return undefined;
  const { value } = read;
  const { fields } = value;
  const subprotocols = valuesOf(fields, 'sec-websocket-protocol').flatMap((one) => one.split(',').map((name) => name.trim()));
  if (value.kind === 'response') return { kind: 'response', status: value.status, subprotocols, fields };
  return {
    kind: 'request',
    method: value.method,
    path: value.target.split('?')[0] ?? '',
    upgrades: has(fields, 'upgrade', 'websocket') && has(fields, 'connection', 'upgrade'),
    key: joinedValue(fields, 'sec-websocket-key'),
    subprotocols,
    fields,
  };
}

function has(fields: readonly HttpField[], name: string, member: string): boolean {
  return (joinedValue(fields, name) ?? '').split(',').some((one) => one.trim().toLowerCase() === member);
}

/** Fields of an upgrade request to `host` that offers these subprotocols, in the order of browsers. */
export function requestFields(host: string, key: string, subprotocols: readonly string[]): HttpField[] {
  return [
    { name: 'Host', value: host },
    { name: 'Upgrade', value: 'websocket' },
    { name: 'Connection', value: 'Upgrade' },
    { name: 'Sec-WebSocket-Version', value: '13' },
    { name: 'Sec-WebSocket-Key', value: key },
    ...(subprotocols.length === 0 ? [] : [{ name: 'Sec-WebSocket-Protocol', value: subprotocols.join(', ') }]),
  ];
}

/** Fields of the answer that accepts it. */
export function acceptFields(key: string, subprotocol: string | undefined): HttpField[] {
  return [
    { name: 'Upgrade', value: 'websocket' },
    { name: 'Connection', value: 'Upgrade' },
    { name: 'Sec-WebSocket-Accept', value: acceptOf(key) },
    ...(subprotocol === undefined ? [] : [{ name: 'Sec-WebSocket-Protocol', value: subprotocol }]),
  ];
}

/** Fields with some of them written otherwise: by name, whatever its case; null leaves one out, a list writes it several times. */
export type FieldChanges = Readonly<Record<string, string | readonly string[] | null>>;

/** The head as bytes; `changes` are laid over the fields, new ones behind. */
export function upgradeHead(first: string, fields: readonly HttpField[], changes: FieldChanges = {}): Uint8Array {
  const left = new Map(Object.entries(changes).map(([name, value]) => [name.toLowerCase(), { name, value }]));
  const written = ({ name, value }: { readonly name: string; readonly value: FieldChanges[string] }): HttpField[] =>
    value === null ? [] : [value].flat().map((each) => ({ name, value: each }));
  const kept = fields.flatMap((field) => {
    const instead = left.get(field.name.toLowerCase());
    left.delete(field.name.toLowerCase());
    return instead === undefined ? [field] : written(instead);
  });
  return headBytes(first, [...kept, ...[...left.values()].flatMap(written)]);
}

/** What a wire pattern can say of a head, for protocols that see them: each is a pattern of protocols/common/pattern.ts. */
export const headPatterns = {
  method: z.unknown().optional().describe('Of a head that asks.'),
  path: z.unknown().optional().describe('Of a head that asks, without its query.'),
  status: z.unknown().optional().describe('Of a head that answers.'),
  subprotocols: z.unknown().optional().describe('Of a head: the list of those it names, as they are written.'),
  headers: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Of a head: fields by name in lower case, their values joined by commas, or {$absent: true}.'),
};

type HeadPattern = { readonly [K in keyof typeof headPatterns]?: unknown };

/** Why a head is not what a pattern says of it; undefined where it is, and where the pattern says nothing of heads. */
export function mismatchOfHead(pattern: HeadPattern, head: Uint8Array | undefined): string | undefined {
  const asked = (Object.keys(headPatterns) as (keyof HeadPattern)[]).filter((key) => pattern[key] !== undefined);
  const [first] = asked;
  if (first === undefined) return undefined;
  const read = head === undefined ? undefined : readUpgrade(head);
  if (read === undefined) return `${first}: expected the head of an upgrade`;
  const members: Readonly<Record<string, unknown>> = { ...read };
  for (const key of asked) {
    if (key === 'headers') continue;
    const reason = mismatch(pattern[key], members[key], key);
    if (reason !== undefined) return reason;
  }
  for (const [name, wanted] of Object.entries((pattern.headers ?? {}) as Record<string, unknown>)) {
    const reason = mismatch(wanted, joinedValue(read.fields, name), `headers.${name}`);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** One line of a head, for people: `GET /ws swill/1`, `101 swill/1`. */
export function summaryOfHead(head: Uint8Array): string {
  const read = readUpgrade(head);
  if (read === undefined) return `head ${head.length} bytes`;
  const names = read.subprotocols.length === 0 ? '' : ` ${read.subprotocols.join(', ')}`;
  return read.kind === 'request' ? `${read.method} ${read.path}${names}` : `${read.status}${names}`;
}
