import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { atEnding, type EndingHost } from './at-ending.ts';

function host() {
  const killed: unknown[] = [];
  const emitter = Object.assign(new EventEmitter(), {
    pid: 7,
    kill: (...words: unknown[]) => {
      killed.push(words, emitter.listenerCount('SIGTERM'));
      return true;
    },
  });
  return { host: emitter as unknown as EndingHost, emitter, killed };
}

test('a signal that nobody else takes ends the process as it would, when what must be done is done', () => {
  const { host: process, emitter, killed } = host();
  const done: string[] = [];
  atEnding(process, () => void done.push('act'));
  emitter.emit('SIGTERM');
  // With no listener left the system ends it.
  expect([done.length, killed]).toEqual([1, [[7, 'SIGTERM'], 0]]);
  emitter.emit('exit');
  expect(done).toHaveLength(1);
});

test('a signal that somebody else takes is theirs, and the exit that they choose is heard', () => {
  const { host: process, emitter, killed } = host();
  const done: string[] = [];
  emitter.on('SIGTERM', () => {});
  atEnding(process, () => void done.push('act'));
  emitter.emit('SIGTERM');
  expect([done.length, killed]).toEqual([0, []]);
  emitter.emit('exit');
  expect(done).toHaveLength(1);
});

test('what was called back is not done', () => {
  const { host: process, emitter } = host();
  const done: string[] = [];
  atEnding(process, () => void done.push('act'))();
  emitter.emit('exit');
  expect([done.length, emitter.eventNames()]).toEqual([0, []]);
});
