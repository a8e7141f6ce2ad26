import type { HttpField } from '../carriers/http/head.ts';
import { setOwn } from '../common/value.ts';
import { unpadded } from './base64.ts';

/** What applications put beside values: names in lower case, each with its values in order; of names that end in `-bin`, bytes. */
export type Metadata = Readonly<Record<string, readonly (string | Uint8Array)[]>>;

/** Fields of HTTP itself, of Connect, and what servers of HTTP add of their own (Go's to a 404, Express to all): never an application's. */
const PROTOCOLS_OWN: ReadonlySet<string> = new Set([
  ...(['accept', 'accept-encoding', 'accept-post', 'allow', 'connection', 'content-encoding', 'content-length', 'content-type'] as const),
  ...(['date', 'expect', 'host', 'keep-alive', 'server', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'user-agent', 'vary'] as const),
  ...(['x-content-type-options', 'x-powered-by'] as const),
]);

/** Whether a field's name is one of HTTP's or Connect's, and no application's (CONNECT-META-04). */
export function isReserved(name: string): boolean {
  const lower = name.toLowerCase();
  return PROTOCOLS_OWN.has(lower) || lower.startsWith('connect-') || lower.startsWith('trailer-connect-');
}

/** What a field of HTTP holds: no control character but a tab. */
const CONTROL = /[^\t\x20-\x7e\x80-\u{10ffff}]/u;

/** The first name whose field would say something else than its metadata: in the name, or in a value, is what ends or breaks it (CONNECT-META-03). */
export function unwritableIn(metadata: Metadata): string | undefined {
  return Object.entries(metadata).find(
    ([name, values]) => !/^[\w.-]+$/.test(name) || values.some((value) => typeof value === 'string' && CONTROL.test(value)),
  )?.[0];
}

/** Fields as metadata. Values of `-bin` names are decoded, padded or not (CONNECT-META-01). */
export function metadataOfFields(fields: readonly HttpField[]): Metadata {
  const metadata: Record<string, (string | Uint8Array)[]> = {};
  for (const { name, value } of fields) {
    const key = name.toLowerCase();
    const values = Object.hasOwn(metadata, key) ? (metadata[key] ?? []) : [];
    // Several values of bytes may stand in one field, behind commas.
    if (key.endsWith('-bin')) values.push(...value.split(',').map((each) => new Uint8Array(Buffer.from(each.trim(), 'base64'))));
    else values.push(value);
    setOwn(metadata, key, values);
  }
  return metadata;
}

/** Metadata as fields, in the order of its names. */
export function fieldsOfMetadata(metadata: Metadata): HttpField[] {
  return Object.entries(metadata).flatMap(([name, values]) =>
    values.map((value) => ({ name, value: typeof value === 'string' ? value : unpadded(value) })),
  );
}

/** The values of each name, in the order in which names come first. */
export function groupedFields(fields: readonly HttpField[]): ReadonlyMap<string, readonly string[]> {
  const grouped = new Map<string, string[]>();
  for (const { name, value } of fields) grouped.set(name, [...(grouped.get(name) ?? []), value]);
  return grouped;
}

const TRAILER = 'trailer-';

/** The fields of an answer's head, as leading metadata and what stands behind `trailer-`; without what is the protocol's own. */
export function splitFields(fields: readonly HttpField[]): { readonly leading: Metadata; readonly trailing: Metadata } {
  const own = fields.filter(({ name }) => !isReserved(name));
  const isTrailer = ({ name }: HttpField): boolean => name.toLowerCase().startsWith(TRAILER);
  return {
    leading: metadataOfFields(own.filter((field) => !isTrailer(field))),
    trailing: metadataOfFields(own.filter(isTrailer).map(({ name, value }) => ({ name: name.slice(TRAILER.length), value }))),
  };
}

/** Trailing metadata as the fields of a unary answer (CONNECT-UNARY-20). */
export function trailerFields(metadata: Metadata): HttpField[] {
  return fieldsOfMetadata(metadata).map(({ name, value }) => ({ name: `${TRAILER}${name}`, value }));
}

/** Both together, values of a name in that order. */
export function joinedMetadata(a: Metadata, b: Metadata): Metadata {
  const joined: Record<string, (string | Uint8Array)[]> = {};
  for (const [name, values] of [...Object.entries(a), ...Object.entries(b)]) {
    setOwn(joined, name, [...(Object.hasOwn(joined, name) ? (joined[name] ?? []) : []), ...values]);
  }
  return joined;
}
