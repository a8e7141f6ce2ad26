import { expect, test } from 'vitest';
import { webSocket } from '../../protocols/carriers/websocket/carrier.ts';
import { messageOf } from '../../protocols/common/frame.ts';
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
