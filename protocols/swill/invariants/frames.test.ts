import { expect, test } from 'vitest';
import type { TraceEvent } from '../../common/trace.ts';
import type { ResponseFrame, SwillFrame } from '../frame.ts';
import { frames } from './frames.ts';
import { responses } from './responses.ts';

const QUESTION: SwillFrame = { from: 'client', seq: 1, data: 5, rpc: 'numbers', type: 'MESSAGE', metadata: null, elements: 5 };
const ANSWER: ResponseFrame = { from: 'server', seq: 1, data: 5, type: 'MESSAGE', leading: null, trailing: null, elements: 5 };
const ERROR: ResponseFrame = { ...ANSWER, type: 'ERROR', data: { code: 409, message: 'custom' } };

/** The rules that frames of one connection break, each read as it was sent. */
function brokenBy(...messages: readonly SwillFrame[]): readonly string[] {
  const events = messages.flatMap((message): TraceEvent<SwillFrame>[] => {
    const frame = { kind: 'binary', class: 'data', text: false, data: new Uint8Array() } as const;
    const common = { t: 0, connection: 0, frame, decoded: { ok: true, message } } as const;
    const to = message.from === 'client' ? 'server' : 'client';
    return [
      { ...common, type: 'sent', n: 0, from: message.from },
      { ...common, type: 'delivered', n: 0, to, of: 0, altered: false },
    ];
  });
  const broken: string[] = [];
  const facts = {
    binding: 'msgpack',
    clientIds: [],
    serverId: undefined,
    timers: {},
    procedureKinds: { numbers: 'single-stream' },
    scripted: [],
  };
  for (const invariant of [frames, responses]) {
    const automaton = invariant.start(facts, { holds: () => {}, violates: ({ requirement }) => broken.push(requirement) });
    for (const [n, event] of events.entries()) automaton.observe({ ...event, n });
    automaton.finish();
  }
  return broken;
}

test('leading metadata that was kept for the first frame may go with an ERROR, where that is the first', () => {
  expect(brokenBy(QUESTION, { ...ERROR, leading: { lead: 1 } })).toEqual([]);
});

test('it is still too late behind data, and trailing metadata belongs to the end of a stream', () => {
  expect(brokenBy(QUESTION, ANSWER, { ...ERROR, leading: { lead: 1 } })).toContain('SWILL-META-08');
  expect(brokenBy(QUESTION, { ...ERROR, trailing: { trail: 1 } })).toContain('SWILL-META-11');
});

test('frames without a message carry no data', () => {
  expect(brokenBy(QUESTION, { ...ANSWER, type: 'END_OF_STREAM' })).toContain('SWILL-WIRE-06');
});
