import { describe, expect, test } from 'vitest';
import { compareTraces, type TraceComparison } from '../../runner/judge/trace-diff.ts';
import type { CallFacts } from '../common/normalise.ts';
import { MAX_31, type RSocketFrame } from './frame.ts';
import { cancelFrame, errorFrame, itemFrame, keepaliveFrame, requestFrame, requestNFrame } from './frames.ts';
import { requestMetadata } from './metadata.ts';
import { normalise } from './normalise.ts';
import { Talk } from './testing/talk.ts';
import { bytes } from './testing/worked-bytes.ts';
import { rsocketVariations } from './variations.ts';

type Told = (talk: Talk) => void;

const item = (data: string, complete = false): RSocketFrame => itemFrame(1, { data: bytes(data), metadata: undefined }, complete);

function call(kind: string, procedure: string, credit?: number): CallFacts {
  return { call: 'x', role: 'client', instance: 'main', kind, procedure, value: '3', ...(credit === undefined ? {} : { credit }) };
}

/** What is said behind a SETUP, by two pairs, compared. */
function compared(calls: readonly CallFacts[], seen: Told, golden: Told): TraceComparison {
  const [observed, wanted] = [seen, golden].map((tell) => {
    const talk = new Talk();
    talk.begin();
    for (const { call: name, procedure } of calls) talk.invoked(name, procedure ?? '');
    tell(talk);
    return normalise(talk.events, calls);
  });
  if (observed === undefined || wanted === undefined) throw new Error('there are two');
  const kinds = new Map(calls.map(({ kind }) => ['main/x', kind]));
  return compareTraces(observed, wanted, rsocketVariations, (lane) => kinds.get(lane));
}

const request = (type: 'REQUEST_STREAM' | 'REQUEST_CHANNEL', route: string, n: number, streamId = 1, complete = false): RSocketFrame =>
  requestFrame(type, streamId, { data: bytes('3'), metadata: requestMetadata(route, undefined) }, n, complete);

describe('the credit of a caller', () => {
  const stream =
    (n: number): Told =>
    (talk) => {
      talk.client(request('REQUEST_STREAM', 'ticks', n));
      talk.server(item('1'), item('2'));
      if (n === 2) talk.client(requestNFrame(1, 2));
      talk.server(item('3', true));
    };
  test('that takes all is asked for at once, or as it reads', () => {
    expect(compared([call('request-stream', 'ticks')], stream(2), stream(MAX_31))).toEqual({
      divergences: [],
      applied: ['credit-of-who-takes-all'],
    });
  });
  test('that says how many it takes is asked for as it says', () => {
    const { divergences } = compared([call('request-stream', 'ticks', 3)], stream(2), stream(3));
    expect(divergences.map(({ field }) => field)).toContain('n');
  });
  const asked =
    (...credit: readonly [number, ...number[]]): Told =>
    (talk) => {
      const [first, ...further] = credit;
      talk.client(request('REQUEST_STREAM', 'ticks', first), ...further.map((n) => requestNFrame(1, n)));
      talk.server(item('1'), item('2'), item('3', true));
    };
  test('that asks for more before its request goes out goes with it, or behind it', () => {
    const { divergences } = compared([call('request-stream', 'ticks', 2)], asked(5), asked(2, 3));
    expect(divergences).toEqual([]);
  });
  test('that asks for no more is not asked for in its place', () => {
    expect(compared([call('request-stream', 'ticks', 2)], asked(5), asked(2)).divergences).not.toEqual([]);
    expect(compared([call('request-stream', 'ticks', 2)], asked(6), asked(2, 3)).divergences).not.toEqual([]);
  });
});

describe('a channel that nobody invoked', () => {
  const channel =
    (...said: readonly RSocketFrame[]): Told =>
    (talk) => {
      talk.client(request('REQUEST_CHANNEL', 'channel-sum', 5, 1, true));
      talk.server(...said);
    };
  test('is asked for items by its responder as it likes', () => {
    const { divergences } = compared([], channel(requestNFrame(1, MAX_31), item('3', true)), channel(item('3', true)));
    expect(divergences).toEqual([]);
  });
  test('of the server ends at the client by CANCEL, or not', () => {
    const ofServer =
      (...said: readonly RSocketFrame[]): Told =>
      (talk) => {
        talk.server(request('REQUEST_CHANNEL', 'channel-stop', 5, 2));
        talk.client(...said);
      };
    expect(compared([], ofServer(cancelFrame(2)), ofServer()).divergences).toEqual([]);
  });
  test('that was cancelled is not answered with CANCEL', () => {
    const cancelled =
      (...said: readonly RSocketFrame[]): Told =>
      (talk) => {
        talk.client(request('REQUEST_CHANNEL', 'channel-echo', 5), cancelFrame(1));
        talk.server(...said);
      };
    expect(compared([], cancelled(cancelFrame(1)), cancelled()).divergences.map(({ field }) => field)).toEqual(['extra']);
  });
  test('is not cancelled by its requester for nothing', () => {
    const withdrawn: Told = (talk) => {
      channel(item('3'))(talk);
      talk.client(cancelFrame(1));
    };
    expect(compared([], withdrawn, channel(item('3'))).divergences.map(({ field }) => field)).toEqual(['extra']);
  });
});

describe('CONNECTION_ERROR before a connection is given up', () => {
  const silent =
    (says: boolean, after: number, code = 'CONNECTION_ERROR'): Told =>
    (talk) => {
      talk.wait(1000);
      talk.server(keepaliveFrame(false, 0, bytes('')));
      talk.wait(after);
      if (says) talk.client(errorFrame(0, code, 'nothing was heard'));
      talk.closed('client');
    };
  test('is said or not where no KEEPALIVE came for the lifetime', () => {
    expect(compared([], silent(true, 10_000), silent(false, 10_000))).toEqual({ divergences: [], applied: ['error-of-who-heard-nothing'] });
  });
  test.each([
    ['sooner', 8000, 'CONNECTION_ERROR'],
    ['as another error', 10_000, 'CONNECTION_CLOSE'],
  ])('is no liberty %s', (_, after, code) => {
    expect(compared([], silent(true, after, code), silent(false, after)).divergences.map(({ field }) => field)).toEqual(['extra']);
  });
});
