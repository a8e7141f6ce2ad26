import { describe, expect, test } from 'vitest';
import type { CallFacts } from '../../protocols/common/normalise.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { TraceEvent } from '../../protocols/common/trace.ts';
import { toyProtocol } from '../testing/toy/protocol.ts';
import { type Board, newBoard } from './board.ts';
import { streamFinder } from './streams.ts';

const opened = (connection: number): TraceEvent => ({ n: connection, t: 0, type: 'opened', connection });
const step: TraceEvent = { n: 9, t: 0, type: 'step', step: 0, phase: 'begin' };

/** Reads off each connection that there is where the calls are, and how often it was asked. */
function reading(more: Partial<Protocol>): { protocol: Protocol; asked: () => number } {
  let count = 0;
  const bindCalls = (trace: Iterable<TraceEvent>, calls: readonly CallFacts[]) => {
    count += 1;
    const connections = [...trace].filter(({ type }) => type === 'opened').length;
    return new Map(
      connections === 0 ? [] : calls.map(({ call }) => [call, Array.from({ length: connections }, (_, i) => `${i}:1`).join()]),
    );
  };
  return { protocol: { ...(toyProtocol as Protocol), bindCalls, ...more }, asked: () => count };
}

const board = (): Board => {
  const made = newBoard();
  made.calls.set('a', { call: 'a', role: 'client', instance: 'main', kind: 'ask', items: [], received: 0, ended: false });
  return made;
};

describe('where a call is', () => {
  test('is read once, where calls end with their connections', () => {
    const trace = [opened(0)];
    const { protocol, asked } = reading({});
    const { streamOf } = streamFinder(
      protocol,
      board(),
      () => trace,
      () => undefined,
    );
    expect(streamOf('a')).toBe('0:1');
    trace.push(opened(1));
    expect([streamOf('a'), asked()]).toEqual(['0:1', 1]);
  });

  test('is read again as the trace grows once there is a later connection, where calls go on there', () => {
    const trace = [opened(0)];
    const { protocol, asked } = reading({ callsOutliveConnections: true });
    const { streamOf } = streamFinder(
      protocol,
      board(),
      () => trace,
      () => undefined,
    );
    expect(streamOf('a')).toBe('0:1');
    trace.push(step);
    expect([streamOf('a'), asked()]).toEqual(['0:1', 1]);
    trace.push(opened(1));
    expect([streamOf('a'), streamOf('a'), asked()]).toEqual(['0:1,1:1', '0:1,1:1', 2]);
  });
});
