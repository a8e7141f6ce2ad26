import { joinedValue } from '../carriers/http/head.ts';
import { laneBook } from '../common/lanes.ts';
import { type CallFacts, laneName, type NormalisedTrace } from '../common/normalise.ts';
import { isSent, type Trace } from '../common/trace.ts';
import { bind } from './bind.ts';
import { refusedAsCutShort } from './cut-short.ts';
import { shownError } from './errors.ts';
import type { ConnectMessage, Request, Response } from './message.ts';
import { isReserved, type Metadata, splitFields } from './metadata.ts';
import { reference } from './reference.ts';

/**
 * A trace without what may differ between two runs: which connection carries an exchange, the order and case of fields and those that
 * are the protocols' own, whether values of a name stand in one field, the codec and the compression, how messages are chunked, where a body
 * ends, what says only that an answer comes, and what HTTP says of a request that was cut short.
 */
export function normalise(trace: Trace<ConnectMessage>, calls: readonly CallFacts[]): NormalisedTrace {
  const names = new Map(bind(trace, calls).map(({ call, connection, exchange }) => [reference(connection, exchange), laneName(call)]));
  const refused = refusedAsCutShort(trace);
  const book = laneBook();
  let unnamed = 0;
  for (const event of trace) {
    if (!isSent(event) || event.frame.class !== 'data') continue;
    const message = event.decoded?.ok ? event.decoded.message : undefined;
    const key = reference(event.connection, message?.exchange ?? event.frame.part?.exchange ?? 0);
    if (event.from === 'server' && refused.has(key)) continue;
    let name = names.get(key);
    if (name === undefined) {
      unnamed += 1;
      name = `unnamed/${unnamed}`;
      names.set(key, name);
    }
    if (message === undefined) book.add(name, event.from, { kind: 'undecodable', value: {} }, event.n);
    else {
      const value = normalOf(message);
      if (value !== undefined) book.add(name, event.from, { kind: message.type, value }, event.n);
    }
  }
  return { lanes: book.all() };
}

function normalOf(message: ConnectMessage): unknown {
  switch (message.type) {
    case 'request':
      return requestOf(message);
    case 'response':
      return responseOf(message);
    case 'body':
      if (message.error !== undefined) return { error: shownError(message.error) };
      return message.value === undefined ? { text: message.text } : { value: message.value };
    case 'message':
      return message.unread === undefined ? { value: message.value } : { unread: true };
    case 'end-of-stream':
      return { error: message.error === undefined ? undefined : shownError(message.error), metadata: ownOf(message.metadata) };
    case 'end':
      return message.fields.length === 0 ? undefined : { fields: message.fields.map(({ name }) => name.toLowerCase()) };
    case 'torn':
    case 'broken':
      return {};
  }
}

/** What is an application's, and none of the protocol's own names, which some repeat there. */
function ownOf(metadata: Metadata): Metadata {
  return valuesOf(Object.fromEntries(Object.entries(metadata).filter(([name]) => !isReserved(name))));
}

/** Each value apart, though several stood in one field (CONNECT-UNARY-19). */
function valuesOf(metadata: Metadata): Metadata {
  const apart = (value: string | Uint8Array): (string | Uint8Array)[] =>
    typeof value === 'string' ? value.split(',').map((each) => each.trim()) : [value];
  return Object.fromEntries(Object.entries(metadata).map(([name, values]) => [name, values.flatMap(apart)]));
}

function requestOf({ method, path, fields, value }: Request): unknown {
  const { leading } = splitFields(fields);
  const hasTimeout = joinedValue(fields, 'connect-timeout-ms') !== undefined;
  return { method, path, metadata: valuesOf(leading), timeout: hasTimeout, ...(value === undefined ? {} : { value }) };
}

function responseOf({ status, fields }: Response): unknown {
  if (status < 200) return undefined;
  const { leading, trailing } = splitFields(fields);
  return { status, metadata: valuesOf(leading), trailing: valuesOf(trailing) };
}
