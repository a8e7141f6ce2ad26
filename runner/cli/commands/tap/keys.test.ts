import { EventEmitter } from 'node:events';
import type { ReadStream } from 'node:tty';
import { beforeEach, expect, test } from 'vitest';
import type { ArmedFault } from '../../../faults/armed.ts';
import { createSecrets } from '../../../masking/secrets.ts';
import { readKeys } from './keys.ts';

/** A terminal at which keys can be pressed. */
class Terminal extends EventEmitter {
  raw = false;
  setRawMode(raw: boolean): void {
    this.raw = raw;
  }
  resume(): void {}
  pause(): void {}
  press(keys: string): void {
    this.emit('data', Buffer.from(keys));
  }
}

let terminal: Terminal;
let armed: ArmedFault[];
let happened: string[];
let line: string | undefined;
let stop: () => void;

beforeEach(() => {
  terminal = new Terminal();
  armed = [];
  happened = [];
  line = undefined;
  stop = readKeys(terminal as unknown as ReadStream, [{ text: 'drop: {}', fault: { drop: { frame: {} } }, waits: true }], {
    fault: (text) => happened.push(`fault ${text}`),
    armed: () => armed,
    lift: (id) => happened.push(`lift ${id}`),
    say: (text) => happened.push(text),
    masker: createSecrets().masker,
    toggleFrames: () => happened.push('frames'),
    summary: () => happened.push('summary'),
    help: () => happened.push('help'),
    end: () => happened.push('end'),
    typing: (now) => {
      line = now;
    },
  });
});

test('each key does what the help says of it, and no more once nobody reads', () => {
  terminal.press('c1 i?q\u0003');
  expect(happened).toEqual(['fault cut: {}', 'fault drop: {}', 'frames', 'summary', 'help', 'end', 'end']);
  expect(terminal.raw).toBe(true);
  stop();
  terminal.press('c');
  expect(happened).toHaveLength(7);
  expect(terminal.raw).toBe(false);
});

test('a fault is typed, with its mistakes, and asked for at the end of the line; Escape asks for nothing', () => {
  terminal.press(':stalx');
  expect(line).toBe('fault: stalx');
  terminal.press('\u007fl\r');
  expect({ happened, line }).toEqual({ happened: ['fault stall'], line: undefined });
  terminal.press(':cut\u001b');
  terminal.press(': \r');
  expect({ happened, line }).toEqual({ happened: ['fault stall'], line: undefined });
});

test('x lifts the one fault at work, and says where there is none', () => {
  terminal.press('x');
  armed = [{ id: 4, what: 'stall', skip: 0 }];
  terminal.press('x');
  expect(happened).toEqual(['no fault is at work\n', 'lift 4']);
});

test('of several faults at work x asks which, by numbers that stay theirs', () => {
  armed = [
    { id: 3, what: 'drop: {}', skip: 0, struck: 2 },
    { id: 12, what: 'refuse', skip: 0, left: 3 },
  ];
  terminal.press('x');
  expect(happened).toEqual([
    'faults at work, by the numbers that lift them:\n3 drop: {}  has struck 2 times, strikes whatever fits\n12 refuse  strikes 3 times\n',
  ]);
  expect(line).toBe('lift: ');
  // Meanwhile the first is over.
  armed.shift();
  terminal.press('12\r');
  expect(happened.slice(1)).toEqual(['lift 12']);
  armed.push({ id: 13, what: 'stall', skip: 0, connections: [0, 2] });
  terminal.press('xq\r');
  expect(happened.at(-1)).toBe('a fault is lifted by its number, which q is not\n');
  terminal.press('x\r');
  expect({ last: happened.at(-1), line }).toEqual({
    last: 'faults at work, by the numbers that lift them:\n12 refuse  strikes 3 times\n13 stall  holds connection 0, 2\n',
    line: undefined,
  });
});
