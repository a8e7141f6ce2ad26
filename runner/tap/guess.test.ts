import { expect, test } from 'vitest';
import { webSocket } from '../../protocols/carriers/websocket/carrier.ts';
import { type MessageFrame, messageOf } from '../../protocols/common/frame.ts';
import { connect } from '../../protocols/connect/protocol.ts';
import { river } from '../../protocols/river/protocol.ts';
import { guessBinding } from './guess.ts';

const message = { id: 'a', from: 'c', to: 's', seq: 0, ack: 0, streamId: 'x', controlFlags: 0, payload: { type: 'ACK' } };
const at = { binding: '', from: 'client', openings: [] } as const;
const garbage = messageOf(new TextEncoder().encode('{"what":'));

test.each(['json', 'msgpack'])('%s is guessed from the first message that can be read, and stays', (binding) => {
  const guess = guessBinding(river, webSocket, undefined);
  expect(guess.decode(garbage, at).ok).toBe(false);
  expect(guess.known()).toBeUndefined();
  expect(guess.decode(river.encode(message, binding), at)).toMatchObject({ ok: true });
  expect(guess.known()).toBe(binding);
  const other = binding === 'json' ? 'msgpack' : 'json';
  expect(guess.decode(river.encode(message, other), at).ok).toBe(false);
});

test('what is told is not guessed', () => {
  const guess = guessBinding(river, webSocket, 'msgpack');
  expect(guess.decode(river.encode(message, 'json'), at).ok).toBe(false);
  expect(guess.taken()).toBe('msgpack');
});

test('where there is but one there is nothing to guess', () => {
  const one = { ...river, bindings: river.bindings.filter(({ name }) => name === 'json') };
  const guess = guessBinding(one, webSocket, undefined);
  expect(guess).toMatchObject({ told: true });
  expect(guess.known()).toBe('json');
});

test.each([
  ['proto', 'POST', '/weir.v1.Test/Echo', 'Content-Type: application/proto'],
  ['json', 'POST', '/weir.v1.Test/Echo', 'Content-Type: application/json; charset=utf-8'],
  ['json', 'POST', '/weir.v1.Test/Count', 'Content-Type: application/connect+json'],
  ['proto-gzip', 'POST', '/weir.v1.Test/Echo', 'Content-Type: application/proto\r\nContent-Encoding: gzip'],
  ['json-gzip', 'POST', '/weir.v1.Test/Count', 'Content-Type: application/connect+json\r\nConnect-Content-Encoding: gzip'],
  ['json', 'GET', '/weir.v1.Test/Fetch?encoding=json&message=%7B%7D', 'Accept: */*'],
  ['json-gzip', 'GET', '/weir.v1.Test/Fetch?compression=gzip&encoding=json&message=%7B%7D', 'Accept: */*'],
])('a request of Connect under %s tells that: %s %s, %s', (binding, method, target, field) => {
  const [{ carrier }] = connect.bindings as readonly [(typeof connect.bindings)[number]];
  const guess = guessBinding(connect, carrier, undefined);
  const head = (text: string): MessageFrame => ({
    ...messageOf(new TextEncoder().encode(text), false),
    kind: 'head',
    part: { exchange: 0 },
  });
  guess.decode(head(`${method} /favicon.ico HTTP/1.1\r\nHost: a\r\n\r\n`), at);
  expect(guess.known()).toBeUndefined();
  guess.decode(head(`${method} ${target} HTTP/1.1\r\nHost: a\r\n${field}\r\n\r\n`), at);
  expect(guess.known()).toBe(binding);
});
