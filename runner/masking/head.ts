import { latin1 } from '../../protocols/common/latin1.ts';
import type { SecretKeys } from './secret-keys.ts';

/** A field of a head, and a parameter of the query in its first line. */
const FIELD = /^([^:\s]+):[ \t]*(.*?)[ \t]*$/;
const PARAMETER = /[?&]([^=&#\s]+)=([^&#\s]*)/g;

/** Where a browser, which can set no other field, says who it is. */
const SUBPROTOCOLS = 'sec-websocket-protocol';

/**
 * The secrets of a head that opens a connection: the values of fields and of parameters whose names say so, each cookie, and what a
 * subprotocol brings of a credential (`bearer.abc`).
 */
export function* secretsInHead(head: Uint8Array, keys: SecretKeys): Generator<string> {
  const [first = '', ...lines] = latin1(head).split('\r\n');
  for (const [, name = '', value = ''] of first.matchAll(PARAMETER)) {
    if (keys(decoded(name))) yield* new Set([value, decoded(value)]);
  }
  for (const line of lines) {
    const [, name = '', value = ''] = FIELD.exec(line) ?? [];
    if (value !== '' && keys(name)) yield value;
    if (/^(?:set-)?cookie$/i.test(name)) yield* cookiesIn(value);
    if (name.toLowerCase() === SUBPROTOCOLS) yield* credentialsAmong(value);
  }
}

function* cookiesIn(value: string): Generator<string> {
  for (const pair of value.split(';')) {
    const [, told = ''] = /^[^=]*=(.*)$/.exec(pair.trim()) ?? [];
    if (told !== '') yield told;
  }
}

function* credentialsAmong(value: string): Generator<string> {
  for (const name of value.split(',')) {
    const [, told] = /(?:bearer|auth|token|jwt|key)[^.]*\.(.+)$/i.exec(name.trim()) ?? [];
    if (told === undefined) continue;
    yield told;
    if (told.includes('.')) yield told.slice(told.lastIndexOf('.') + 1);
  }
}

/** A text of a URL as it is meant; as it is where that cannot be told. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
