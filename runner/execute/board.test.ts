import { expect, test } from 'vitest';
import { boardEvents, newBoard } from './board.ts';

test('what fits no open call is kept in words that a sentence can end with', () => {
  const board = newBoard();
  const events = boardEvents(board, 'client', () => {});
  events.message({ call: 'a', result: { ok: true, value: 1 } });
  events.end({ call: 'a' });
  expect(board.strays).toEqual(['a message for the call "a", which is not open', 'an end for the call "a", which is not open']);
});
