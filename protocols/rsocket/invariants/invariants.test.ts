import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Role } from '../../common/frame.ts';
import type { Invariant } from '../../common/invariant.ts';
import { ERROR_CODES } from '../error-codes.ts';
import { FLAG, MAX_31, type RSocketFrame } from '../frame.ts';
import {
  cancelFrame,
  completeFrame,
  errorFrame,
  itemFrame,
  keepaliveFrame,
  leaseFrame,
  metadataPushFrame,
  requestFrame,
  requestNFrame,
  resumeFrame,
  resumeOkFrame,
} from '../frames.ts';
import { judge, type Talk, testFacts } from '../testing/talk.ts';
import { bytes, payload, workedBytes } from '../testing/worked-bytes.ts';
import { errors } from './errors.ts';
import { fragments } from './fragments.ts';
import { frameForm } from './frame-form.ts';
import { rsocketInvariants } from './index.ts';
import { keepalive } from './keepalive.ts';
import { keepalivePace } from './keepalive-pace.ts';
import { lastFragment } from './last-fragment.ts';
import { lease } from './lease.ts';
import { resume } from './resume.ts';
import { setup } from './setup.ts';
import { streamIds } from './stream-ids.ts';
import { channelErrors, streams } from './streams.ts';

type Play = (talk: Talk) => void;

const rr = (id: number, data = 'x') => requestFrame('REQUEST_RESPONSE', id, payload(data), 0, false);
const fnf = (id: number) => requestFrame('REQUEST_FNF', id, payload('x'), 0, false);
const rs = (id: number, n: number) => requestFrame('REQUEST_STREAM', id, payload('x'), n, false);
const rc = (id: number, n: number, complete = false) => requestFrame('REQUEST_CHANNEL', id, payload('x'), n, complete);
const item = (id: number, complete = false, data = 'y') => itemFrame(id, payload(data), complete);
const done = completeFrame;
const fail = (id: number) => errorFrame(id, 'APPLICATION_ERROR', 'no');
const more = <T extends RSocketFrame>(frame: T, flags: number, over: Partial<RSocketFrame> = {}): RSocketFrame =>
  ({ ...frame, ...over, flags: frame.flags | flags }) as RSocketFrame;
const part = (id: number, data: string, metadata?: string, last = false): RSocketFrame =>
  more(itemFrame(id, payload(data, metadata), false), last ? 0 : FLAG.FOLLOWS);
const ping = (data = '') => keepaliveFrame(true, 0, bytes(data));
const pong = (data = '', position = 0) => keepaliveFrame(false, position, bytes(data));
/** A PING and its answer: its answerer has shown that it read all before. */
const proof = (talk: Talk, from: Role): void => {
  talk.say(from, ping());
  talk.say(from === 'client' ? 'server' : 'client', pong());
};

/** A conversation without a fault, in which every invariant finds something to hold. */
const conforming: Play = (talk) => {
  talk.begin({ token: 'tok' });
  talk.client(rr(1), fnf(3), rs(5, 2), rc(7, 2));
  talk.server(item(1, true), item(5), item(5));
  talk.client(requestNFrame(5, 1));
  talk.server(item(5), done(5), requestNFrame(7, 1), item(7));
  talk.client(item(7, true), rr(9));
  talk.server(item(7, true), fail(9));
  talk.client(more(rr(11), FLAG.FOLLOWS), part(11, 'rest', undefined, true), cancelFrame(11));
  talk.server(rr(2));
  talk.client(item(2, true));
  talk.wait(2000);
  proof(talk, 'client');
  talk.client(metadataPushFrame(bytes('m')));
  talk.closed('proxy');
  talk.opened(1);
  const server = talk.events.filter(
    (event) => event.type === 'delivered' && event.to === 'client' && event.decoded?.ok && event.decoded.message.streamId > 0,
  );
  const client = talk.events.filter(
    (event) => event.type === 'delivered' && event.to === 'server' && event.decoded?.ok && event.decoded.message.streamId > 0,
  );
  const sum = (list: typeof server) =>
    list.reduce((total, event) => total + (event.type === 'delivered' && event.frame.class === 'data' ? event.frame.data.length : 0), 0);
  talk.say('client', resumeFrame(bytes('tok'), sum(server), sum(client)), { connection: 1 });
  talk.say('server', resumeOkFrame(sum(client)), { connection: 1 });
  talk.say('client', rr(13), { connection: 1 });
  talk.say('server', item(13, true), { connection: 1 });
};

it.each(rsocketInvariants.map((each) => [each.name, each] as const))('%s finds nothing where there is nothing', (_name, invariant) => {
  expect(judge(invariant, conforming).broken).toEqual([]);
});

/** Rules that some table below breaks. */
const shown = new Set<string>();

const table = (
  title: string,
  invariant: Invariant<RSocketFrame>,
  cases: Readonly<Record<string, readonly [readonly string[], Play]>>,
): void => {
  for (const [rules] of Object.values(cases)) for (const rule of rules) shown.add(rule.split(' ')[0] ?? '');
  describe(title, () => {
    it.each(Object.entries(cases))('%s', (_what, [rules, play]) => {
      expect(judge(invariant, play).broken).toEqual(rules);
    });
  });
};

/** Plays after a SETUP. */
const after =
  (play: Play): Play =>
  (talk) => {
    talk.begin();
    play(talk);
  };

it('streams judge nothing on an id on which a request came while it was in use, or may have been', () => {
  const twice: Play = after((talk) => {
    talk.client(rs(1, 9), rs(1, 9));
    talk.server(item(1, true), fail(1));
    talk.client(rs(3, 9), cancelFrame(3), fnf(3));
    talk.server(item(3));
  });
  expect(judge(streams, twice).broken).toEqual([]);
  const afterProof: Play = after((talk) => {
    talk.client(rs(3, 9), cancelFrame(3));
    proof(talk, 'client');
    talk.client(fnf(3));
    talk.server(item(3));
  });
  expect(judge(streams, afterProof).broken).toEqual(['RSOCKET-FNF-01 server']);
});

it('nor where the other end makes a request on an id whose answer its asker may not have read yet', () => {
  const crossed: Play = after((talk) => {
    talk.client(rr(1));
    talk.server(item(1, true), fnf(1));
    talk.client(cancelFrame(1));
  });
  expect(judge(streams, crossed).broken).toEqual([]);
  const read: Play = after((talk) => {
    talk.client(rr(1));
    talk.server(item(1, true));
    proof(talk, 'server');
    talk.server(fnf(1));
    talk.client(cancelFrame(1));
  });
  expect(judge(streams, read).broken).toEqual(['RSOCKET-FNF-01 client']);
});

table('frame form', frameForm, {
  'a reserved bit before the id': [['RSOCKET-FRAME-06 client'], after((talk) => talk.client({ ...rr(1), reserved: ['streamId'] }))],
  'an unknown type': [
    ['RSOCKET-FRAME-06 client'],
    after((talk) => talk.client({ type: 'UNKNOWN', typeCode: 0x20, streamId: 0, flags: 0, reserved: [], ...payload('') })),
  ],
  'a flag too many': [['RSOCKET-FRAME-07 server'], after((talk) => [talk.client(rr(1)), talk.server(more(item(1), 0x10))])],
  'half a header': [['RSOCKET-FRAME-06 client'], after((talk) => talk.sayBytes('client', new Uint8Array(3)))],
  'a metadata length that lies': [
    ['RSOCKET-FRAME-10 client'],
    after((talk) => talk.sayBytes('client', Uint8Array.from([0, 0, 0, 1, 0x11, 0, 0, 0, 9]))),
  ],
  'a length inside': [['RSOCKET-FRAME-01 client'], after((talk) => talk.sayBytes('client', Uint8Array.from([0, 0, 2, 9, 9])))],
  'a text message': [['RSOCKET-FRAME-02 client'], after((talk) => talk.sayBytes('client', new Uint8Array(9), {}, true))],
  'PAYLOAD on 0': [['RSOCKET-STREAMID-03 server'], after((talk) => talk.server(item(0)))],
  'KEEPALIVE on 1': [['RSOCKET-STREAMID-03 client'], after((talk) => talk.client({ ...ping(), streamId: 1 }))],
  'METADATA_PUSH without M': [['RSOCKET-MPUSH-01 client'], after((talk) => talk.client({ ...metadataPushFrame(bytes('m')), flags: 0 }))],
  'an initial n of 0': [['RSOCKET-RS-01 client'], after((talk) => talk.client(rs(1, 0)))],
  'a REQUEST_N of 0': [['RSOCKET-RS-07 client'], after((talk) => talk.client(rs(1, 1), requestNFrame(1, 0)))],
  'a REQUEST_N with its top bit set': [['RSOCKET-RS-07 client'], after((talk) => talk.client({ ...requestNFrame(1, 1), reserved: ['n'] }))],
  'a frame that is too long': [['RSOCKET-FRAME-03 client'], after((talk) => talk.sayBytes('client', requestOf(0x1_00_00_00)))],
  'an EXT of type 0': [
    ['RSOCKET-FRAME-15 client'],
    after((talk) => talk.client({ type: 'EXT', extendedType: 0, streamId: 0, flags: FLAG.IGNORE, reserved: [], ...payload('') })),
  ],
});

/** A request of that many bytes. */
function requestOf(length: number): Uint8Array {
  const frame = new Uint8Array(length);
  frame.set([0, 0, 0, 1, 0x10, 0]);
  return frame;
}

table('setup', setup, {
  'a request first': [['RSOCKET-SETUP-01 client'], (talk) => talk.client(rr(1))],
  'SETUP twice': [['RSOCKET-SETUP-01 client'], (talk) => [talk.begin(), talk.begin()]],
  'an answer to a request that came first': [
    ['RSOCKET-SETUP-01 client', 'RSOCKET-SETUP-08 server'],
    (talk) => [talk.client(rr(1)), talk.server(item(1, true))],
  ],
  'another error than the one for it': [
    ['RSOCKET-SETUP-01 client', 'RSOCKET-SETUP-08 server'],
    (talk) => [talk.client(rr(1)), talk.server(errorFrame(0, 'CONNECTION_ERROR', ''))],
  ],
  'the right error': [['RSOCKET-SETUP-01 client'], (talk) => [talk.client(rr(1)), talk.server(errorFrame(0, 'INVALID_SETUP', ''))]],
  'bytes that are no frame, answered': [
    ['RSOCKET-SETUP-08 server'],
    (talk) => [talk.sayBytes('client', new Uint8Array(2)), talk.server(ping())],
  ],
  'an answer to a SETUP on 1': [
    ['RSOCKET-SETUP-01 client', 'RSOCKET-SETUP-09 server'],
    (talk) => [talk.client(at(1)), talk.server(leaseFrame(1, 1))],
  ],
  'a request served after the refusal': [
    ['RSOCKET-SETUP-11 server'],
    after((talk) => [talk.client(rr(1)), talk.server(errorFrame(0, 'REJECTED_SETUP', ''), item(1, true))]),
  ],
  'no keepalive': [['RSOCKET-SETUP-02 client'], (talk) => talk.client(more(at(0), 0, { keepaliveMs: 0 } as never))],
  'another version, served': [
    ['RSOCKET-SETUP-02 client', 'RSOCKET-SETUP-13 server'],
    (talk) => [talk.client(more(at(0), 0, { major: 2 } as never)), talk.client(rr(1)), talk.server(item(1, true))],
  ],
  'a MIME type with a NUL': [['RSOCKET-SETUP-04 client'], (talk) => talk.client(more(at(0), 0, { dataMime: 'a/b\u0000' } as never))],
  'an empty token': [['RSOCKET-SETUP-07 client'], (talk) => talk.client(more(at(0), FLAG.RESUME, { token: bytes('') } as never))],
});

function at(streamId: number): RSocketFrame {
  const [found] = workedBytes;
  if (found === undefined) throw new Error('no SETUP');
  return { ...found[1], streamId };
}

table('stream ids', streamIds, {
  'an even id of a client': [['RSOCKET-STREAMID-01 client'], after((talk) => talk.client(rr(2)))],
  'a gap': [['RSOCKET-STREAMID-01 client'], after((talk) => talk.client(rr(1), fnf(5)))],
  'an odd id of a server': [['RSOCKET-STREAMID-02 server'], after((talk) => talk.server(rr(1)))],
  'an id twice': [
    ['RSOCKET-STREAMID-01 client', 'RSOCKET-STREAMID-04 client'],
    after((talk) => [talk.client(rr(1)), talk.server(item(1, true)), talk.client(rr(1))]),
  ],
  'ids that begin anew after the last, without one in use': [
    ['RSOCKET-STREAMID-01 client'],
    after((talk) => talk.client(rr(MAX_31), rr(3), rr(5))),
  ],
  'an even id after the last': [
    ['RSOCKET-STREAMID-01 client', 'RSOCKET-STREAMID-05 client'],
    after((talk) => talk.client(rr(MAX_31), rr(2))),
  ],
  'a channel opened twice': [
    ['RSOCKET-STREAMID-01 client', 'RSOCKET-STREAMID-04 client', 'RSOCKET-CHANNEL-01 client'],
    after((talk) => talk.client(rc(1, 1), rc(1, 1))),
  ],
});

table('streams', streams, {
  'an answer on a stream that nobody opened': [['RSOCKET-IGNORE-01 server'], after((talk) => talk.server(item(7)))],
  'a CANCEL and credit on a stream that nobody opened': [
    ['RSOCKET-IGNORE-02 server', 'RSOCKET-IGNORE-04 server'],
    after((talk) => talk.server(cancelFrame(7), requestNFrame(7, 1))),
  ],
  'an error on a stream whose request was lost': [
    ['RSOCKET-IGNORE-03 server'],
    after((talk) => [talk.say('client', rr(1), { lost: true }), talk.server(fail(1))]),
  ],
  'two answers': [['RSOCKET-RR-01 server'], after((talk) => [talk.client(rr(1)), talk.server(item(1, true), item(1, true))])],
  'an answer and an error': [['RSOCKET-RR-01 server'], after((talk) => [talk.client(rr(1)), talk.server(item(1, true), fail(1))])],
  'an item, and an end apart': [['RSOCKET-RR-01 server'], after((talk) => [talk.client(rr(1)), talk.server(item(1), item(1, true))])],
  'an answer after a CANCEL that was read': [
    ['RSOCKET-RR-07 server'],
    after((talk) => [
      talk.client(rr(1), cancelFrame(1)),
      proof(talk, 'client'),
      talk.client(rr(3)),
      talk.server(item(3, true), item(1, true)),
    ]),
  ],
  'an answer that crosses with the CANCEL': [[], after((talk) => [talk.client(rr(1), cancelFrame(1)), talk.server(item(1, true))])],
  'two CANCELs': [['RSOCKET-RR-08 client'], after((talk) => talk.client(rr(1), cancelFrame(1), cancelFrame(1)))],
  'credit after the CANCEL': [['RSOCKET-RR-08 client'], after((talk) => talk.client(rs(1, 1), cancelFrame(1), requestNFrame(1, 1)))],
  'an answer to fire-and-forget': [['RSOCKET-FNF-01 server'], after((talk) => [talk.client(fnf(1)), talk.server(fail(1))])],
  'an item too many': [['RSOCKET-RS-02 server'], after((talk) => [talk.client(rs(1, 2)), talk.server(item(1), item(1), item(1))])],
  'an item for credit that has not arrived': [
    ['RSOCKET-RS-02 server'],
    after((talk) => [talk.client(rs(1, 1)), talk.say('client', requestNFrame(1, 1), { lost: true }), talk.server(item(1), item(1))]),
  ],
  'fragments cost once': [
    [],
    after((talk) => [talk.client(rs(1, 1)), talk.server(part(1, 'a'), part(1, 'b'), more(part(1, 'c', undefined, true), FLAG.COMPLETE))]),
  ],
  'credit that saturates': [
    [],
    after((talk) => [talk.client(rs(1, MAX_31), requestNFrame(1, MAX_31)), talk.server(item(1), item(1), done(1))]),
  ],
  'an end needs no credit': [[], after((talk) => [talk.client(rs(1, 1)), talk.server(item(1), done(1))])],
  'nor does one with a FOLLOWS that is ignored': [
    [],
    after((talk) => [
      talk.client(rs(1, 1), rc(3, 1)),
      talk.server(item(1), more(done(1), FLAG.FOLLOWS), item(3), more(done(3), FLAG.FOLLOWS)),
      talk.client(more(done(3), FLAG.FOLLOWS)),
    ]),
  ],
  'an item with an end and a FOLLOWS, which needs credit': [
    ['RSOCKET-RS-02 server'],
    after((talk) => [talk.client(rs(1, 1)), talk.server(item(1), more(item(1, true), FLAG.FOLLOWS))]),
  ],
  'an item after the end': [['RSOCKET-RS-06 server'], after((talk) => [talk.client(rs(1, 5)), talk.server(done(1), item(1))])],
  'two ends': [['RSOCKET-RS-06 server'], after((talk) => [talk.client(rs(1, 5)), talk.server(done(1), done(1))])],
  'an item after the error': [['RSOCKET-RS-06 server'], after((talk) => [talk.client(rs(1, 5)), talk.server(fail(1), item(1))])],
  'an item of a channel without credit': [['RSOCKET-CHANNEL-03 client'], after((talk) => talk.client(rc(1, 5), item(1)))],
  'an item of a channel after its end': [
    ['RSOCKET-CHANNEL-05 client'],
    after((talk) => [talk.client(rc(1, 5, true)), talk.server(requestNFrame(1, 5)), talk.client(item(1))]),
  ],
  'items of a responder beyond the credit': [
    ['RSOCKET-CHANNEL-09 server'],
    after((talk) => [talk.client(rc(1, 1)), talk.server(item(1), item(1))]),
  ],
  'a responder that goes on after its end': [
    ['RSOCKET-CHANNEL-05 server'],
    after((talk) => [talk.client(rc(1, 3)), talk.server(done(1), item(1))]),
  ],
  'a responder that asks for items after its end': [
    [],
    after((talk) => [talk.client(rc(1, 3)), talk.server(done(1), requestNFrame(1, 3))]),
  ],
  'a responder that echoes after the error': [
    ['RSOCKET-CHANNEL-06 server'],
    after((talk) => [talk.client(rc(1, 9), fail(1)), proof(talk, 'client'), talk.client(rr(3)), talk.server(item(3, true), item(1))]),
  ],
  'a responder that echoes after the CANCEL': [
    ['RSOCKET-CHANNEL-08 server'],
    after((talk) => [
      talk.client(rc(1, 9), cancelFrame(1)),
      proof(talk, 'client'),
      talk.client(rr(3)),
      talk.server(item(3, true), item(1)),
    ]),
  ],
  'the server as requester': [['RSOCKET-RS-02 client'], after((talk) => [talk.server(rs(2, 1)), talk.client(item(2), item(2))])],
});

table('errors of channels', channelErrors, {
  'an item after the responder failed': [
    ['RSOCKET-CHANNEL-07 client'],
    after((talk) => [
      talk.client(rc(1, 9)),
      talk.server(requestNFrame(1, 9), fail(1)),
      proof(talk, 'server'),
      talk.server(rr(2)),
      talk.client(item(2, true), item(1)),
    ]),
  ],
  'an item that crosses with the error': [
    [],
    after((talk) => [talk.client(rc(1, 9)), talk.server(requestNFrame(1, 9), fail(1)), talk.client(item(1))]),
  ],
});

table('fragments', fragments, {
  'a request inside': [['RSOCKET-FRAG-01 client'], after((talk) => talk.client(more(rr(1), FLAG.FOLLOWS), rr(1)))],
  'metadata behind data': [
    ['RSOCKET-FRAG-02 server'],
    after((talk) => [talk.client(rr(1)), talk.server(part(1, 'a', 'm'), part(1, '', 'm', true))]),
  ],
  'metadata, and data at last': [[], after((talk) => [talk.client(rr(1)), talk.server(part(1, '', 'm'), part(1, 'a', 'm', true))])],
  'neither N nor C': [['RSOCKET-PAYLOAD-01 server'], after((talk) => [talk.client(rs(1, 1)), talk.server({ ...item(1), flags: 0 })])],
  'neither N nor C on the last fragment': [
    ['RSOCKET-FRAG-09 server'],
    after((talk) => [talk.client(rs(1, 1)), talk.server(part(1, 'a'), { ...item(1), flags: 0 })]),
  ],
});

table('the last fragment', lastFragment, {
  'a request inside': [['RSOCKET-FRAG-05 client'], after((talk) => talk.client(more(rr(1), FLAG.FOLLOWS), rr(1)))],
  'one that comes': [[], after((talk) => [talk.client(rr(1)), talk.server(part(1, 'a'), part(1, 'a', 'm', true))])],
  none: [['RSOCKET-FRAG-05 server'], after((talk) => [talk.client(rr(1)), talk.server(part(1, 'a'))])],
  'none, for the connection was lost': [[], after((talk) => [talk.client(rr(1)), talk.server(part(1, 'a')), talk.closed('proxy')])],
  'none, for its end gave the connection up, which shows once all before it has gone out': [
    [],
    after((talk) => {
      talk.client(more(rr(1), FLAG.FOLLOWS));
      talk.told('client', { kind: 'status', status: 'disconnected', detail: undefined });
    }),
  ],
  'none, though the other end gave the connection up': [
    ['RSOCKET-FRAG-05 client'],
    after((talk) => {
      talk.client(more(rr(1), FLAG.FOLLOWS));
      talk.told('server', { kind: 'status', status: 'disconnected', detail: undefined });
    }),
  ],
  'a CANCEL for it': [[], after((talk) => talk.client(more(rr(1), FLAG.FOLLOWS), cancelFrame(1)))],
});

table('errors', errors, {
  'INVALID on 0': [['RSOCKET-ERROR-01 server'], after((talk) => talk.server(errorFrame(0, 'INVALID', '')))],
  'REJECTED_SETUP on 1': [['RSOCKET-ERROR-01 server'], after((talk) => talk.server(errorFrame(1, 'REJECTED_SETUP', '')))],
  'a reserved code': [['RSOCKET-ERROR-01 server'], after((talk) => talk.server(errorFrame(1, 0x205, '')))],
  'the last code of applications': [[], after((talk) => talk.server(errorFrame(1, 0xff_ff_ff_fe, '')))],
  'text that is no UTF-8': [['RSOCKET-ERROR-02 server'], after((talk) => talk.server({ ...fail(1), data: Uint8Array.from([0xff, 0xfe]) }))],
  'text with a NUL': [['RSOCKET-ERROR-02 server'], after((talk) => talk.server({ ...fail(1), data: bytes('a\u0000') }))],
});

table('keepalive', keepalive, {
  'another text': [['RSOCKET-KEEPALIVE-02 server'], after((talk) => [talk.client(ping('a')), talk.server(pong('b'))])],
  'no answer': [['RSOCKET-KEEPALIVE-02 server'], after((talk) => [talk.client(ping('a')), talk.wait(2500), talk.client(rr(1))])],
  'no answer yet': [[], after((talk) => [talk.client(ping('a')), talk.wait(100), talk.client(rr(1))])],
  'no answer to one that strayed into a stream': [
    [],
    after((talk) => [talk.client({ ...ping('a'), streamId: 1 }), talk.wait(2500), talk.client(rr(1))]),
  ],
  'an answer to one that strayed into a stream': [
    [],
    after((talk) => [talk.client({ ...ping('a'), streamId: 1 }), talk.server(pong('a'))]),
  ],
  'an answer to one behind another that strayed': [
    [],
    after((talk) => [talk.client({ ...ping('a'), streamId: 1 }, ping('b')), talk.server(pong('b'))]),
  ],
  'an answer to what only strayed before': [
    ['RSOCKET-KEEPALIVE-03 server'],
    after((talk) => [talk.client({ ...ping('a'), streamId: 1 }), talk.server(pong('b'))]),
  ],
  'an answer to an answer': [
    ['RSOCKET-KEEPALIVE-03 client'],
    after((talk) => [talk.client(ping('a')), talk.server(pong('a')), talk.client(pong('a'))]),
  ],
  'a position without resumption': [['RSOCKET-KEEPALIVE-04 server'], after((talk) => [talk.client(ping()), talk.server(pong('', 77))])],
  'a position that was not reached': [
    ['RSOCKET-RESUME-04 server'],
    (talk) => [talk.begin({ token: 't' }), talk.client(rr(1), ping()), talk.server(pong('', 8))],
  ],
  'a position between frames': [
    ['RSOCKET-RESUME-04 server'],
    (talk) => [talk.begin({ token: 't' }), talk.client(rr(1), ping()), talk.server(pong('', 3))],
  ],
  'a position that goes back': [
    ['RSOCKET-RESUME-04 server'],
    (talk) => [talk.begin({ token: 't' }), talk.client(rr(1), ping(), ping()), talk.server(pong('', 7), pong('', 0))],
  ],
  'a true position': [[], (talk) => [talk.begin({ token: 't' }), talk.client(rr(1), ping()), talk.server(pong('', 7))]],
});

/** A session that is resumed late, with so many ms between the KEEPALIVE frames of its second connection. */
function resuming(gapMs: number) {
  return (talk: Talk) => [
    talk.begin({ token: 't' }),
    talk.closed('proxy'),
    talk.opened(1),
    talk.say('client', resumeFrame(bytes('t'), 0, 0), { connection: 1 }),
    talk.wait(3000),
    talk.say('client', ping(), { connection: 1 }),
    talk.wait(gapMs),
    talk.say('client', ping(), { connection: 1 }),
    talk.wait(gapMs),
    talk.say('client', ping(), { connection: 1 }),
  ];
}

table('pace of keepalive', keepalivePace, {
  'too soon': [
    ['RSOCKET-KEEPALIVE-01 client'],
    after((talk) => [talk.wait(2000), talk.client(ping()), talk.wait(1000), talk.client(ping())]),
  ],
  'the first before the interval has passed since the SETUP': [[], after((talk) => [talk.wait(1000), talk.client(ping())])],
  'too soon over a connection that resumes': [['RSOCKET-KEEPALIVE-01 client'], resuming(1000)],
  'in time over a connection that resumes': [[], resuming(2000)],
  'the first too late': [['RSOCKET-KEEPALIVE-01 client'], after((talk) => [talk.wait(2500), talk.client(ping())])],
  'too late': [
    ['RSOCKET-KEEPALIVE-01 client'],
    after((talk) => [talk.wait(2000), talk.client(ping()), talk.wait(2500), talk.client(ping())]),
  ],
  'in time after one that was late': [[], after((talk) => [talk.wait(2350), talk.client(ping()), talk.wait(1300), talk.client(ping())])],
  'too soon even after one that was late': [
    ['RSOCKET-KEEPALIVE-01 client'],
    after((talk) => [talk.wait(2350), talk.client(ping()), talk.wait(1200), talk.client(ping())]),
  ],
  'in time': [[], after((talk) => [talk.wait(1900), talk.client(ping()), talk.wait(2300), talk.client(ping())])],
});

/** Both ends honour leases. */
const leased =
  (play: Play): Play =>
  (talk) => {
    talk.begin({ lease: true });
    play(talk);
  };
table('leases', lease, {
  'a request before any': [['RSOCKET-LEASE-01 client'], leased((talk) => talk.client(rr(1)))],
  'a request of the server before any': [['RSOCKET-LEASE-01 server'], leased((talk) => [talk.server(leaseFrame(5000, 9), rr(2))])],
  'a request too many': [
    ['RSOCKET-LEASE-03 client'],
    leased((talk) => [talk.server(leaseFrame(5000, 1)), talk.wait(500), talk.client(rr(1), fnf(3))]),
  ],
  'a request too late': [
    ['RSOCKET-LEASE-03 client'],
    leased((talk) => [talk.server(leaseFrame(500, 9)), talk.wait(1000), talk.client(rr(1))]),
  ],
  'a request by the older lease': [
    ['RSOCKET-LEASE-04 client'],
    leased((talk) => [talk.server(leaseFrame(5000, 5), leaseFrame(5000, 1)), talk.wait(500), talk.client(rr(1), rr(3))]),
  ],
  'a request that crosses with the newer lease': [
    [],
    leased((talk) => [talk.server(leaseFrame(5000, 5), leaseFrame(5000, 0)), talk.wait(50), talk.client(rr(1))]),
  ],
  'an answer to a request outside': [
    ['RSOCKET-LEASE-03 client', 'RSOCKET-LEASE-05 server'],
    leased((talk) => [
      talk.server(leaseFrame(5000, 1)),
      talk.wait(500),
      talk.client(rr(1), rr(3)),
      talk.server(item(1, true), item(3, true)),
    ]),
  ],
  'a rejection of it': [
    ['RSOCKET-LEASE-03 client'],
    leased((talk) => [
      talk.server(leaseFrame(5000, 1)),
      talk.wait(500),
      talk.client(rr(1), rr(3)),
      talk.server(item(1, true), errorFrame(3, ERROR_CODES.REJECTED, '')),
    ]),
  ],
});

/** A session with a request of 7 bytes, answered with 7, that lost its connection. */
const broken =
  (play: (talk: Talk, on: { connection: 1 }) => void, lose?: Role): Play =>
  (talk) => {
    talk.begin({ token: 't' });
    talk.say('client', rr(1), lose === 'client' ? { lost: true } : {});
    if (lose !== 'client') talk.say('server', item(1, true), lose === 'server' ? { lost: true } : {});
    talk.closed('proxy');
    talk.opened(1);
    play(talk, { connection: 1 });
  };
const again = resumeFrame(bytes('t'), 7, 0);
table('resumption', resume, {
  'a frame before RESUME_OK': [
    ['RSOCKET-RESUME-01 client'],
    broken((talk, on) => [talk.say('client', again, on), talk.say('client', ping(), on)]),
  ],
  'another version': [['RSOCKET-RESUME-02 client'], broken((talk, on) => talk.say('client', { ...again, major: 0, minor: 1 }, on))],
  'RESUME_OK for a token that nobody knows': [
    ['RSOCKET-RESUME-03 server'],
    broken((talk, on) => [talk.say('client', { ...again, token: bytes('u') }, on), talk.say('server', resumeOkFrame(0), on)]),
  ],
  'another error for it': [
    ['RSOCKET-RESUME-03 server'],
    broken((talk, on) => [
      talk.say('client', { ...again, token: bytes('u') }, on),
      talk.say('server', errorFrame(0, 'CONNECTION_ERROR', ''), on),
    ]),
  ],
  'RESUME_OK for a position that was never sent': [
    ['RSOCKET-RESUME-07 server'],
    broken((talk, on) => [talk.say('client', { ...again, serverPosition: 99 }, on), talk.say('server', resumeOkFrame(7), on)]),
  ],
  'RESUME_OK of more than arrived': [
    ['RSOCKET-RESUME-06 server'],
    broken((talk, on) => [talk.say('client', { ...again, serverPosition: 0 }, on), talk.say('server', resumeOkFrame(7), on)], 'client'),
  ],
  'RESUME_OK between frames': [
    ['RSOCKET-RESUME-06 server'],
    broken((talk, on) => [talk.say('client', again, on), talk.say('server', resumeOkFrame(3), on)]),
  ],
  'what was lost, sent again': [
    [],
    broken(
      (talk, on) => [
        talk.say('client', { ...again, serverPosition: 0 }, on),
        talk.say('server', resumeOkFrame(7), on),
        talk.say('server', item(1, true), on),
        talk.say('client', rr(3), on),
      ],
      'server',
    ),
  ],
  'something else in the place of what was lost': [
    ['RSOCKET-RESUME-05 server'],
    broken(
      (talk, on) => [
        talk.say('client', { ...again, serverPosition: 0 }, on),
        talk.say('server', resumeOkFrame(7), on),
        talk.say('server', fail(1), on),
      ],
      'server',
    ),
  ],
  'RESUME after it was refused': [
    ['RSOCKET-RESUME-08 client'],
    broken((talk, on) => [
      talk.say('client', again, on),
      talk.say('server', errorFrame(0, 'REJECTED_RESUME', ''), on),
      talk.opened(2),
      talk.say('client', again, { connection: 2 }),
    ]),
  ],
});

table('positions after a resumption', keepalive, {
  'of what reached a server that did not read it, and came again': [
    [],
    broken((talk, on) => {
      talk.say('client', again, on);
      talk.say('server', resumeOkFrame(0), on);
      talk.say('client', rr(1), on);
      talk.say('client', rr(3, 'longer'), on);
      talk.say('client', ping(), on);
      talk.say('server', pong('', 19), on);
    }),
  ],
  'of what reached a client that did not read it, and came again': [
    [],
    broken((talk, on) => {
      talk.say('client', { ...again, serverPosition: 0 }, on);
      talk.say('server', resumeOkFrame(7), on);
      talk.say('server', item(1, true), on);
      talk.say('server', rr(2, 'longer'), on);
      talk.say('server', ping(), on);
      talk.say('client', pong('', 19), on);
    }),
  ],
  'of what comes late over the connection before': [
    [],
    broken((talk, on) => {
      talk.say('client', again, on);
      talk.say('server', resumeOkFrame(7), on);
      talk.say('client', rr(3, 'longer'));
      talk.say('client', rr(5), on);
      talk.say('client', ping(), on);
      talk.say('server', pong('', 14), on);
    }),
  ],
  'of what came twice, counted twice': [
    ['RSOCKET-RESUME-04 server'],
    broken((talk, on) => {
      talk.say('client', again, on);
      talk.say('server', resumeOkFrame(0), on);
      talk.say('client', rr(1), on);
      talk.say('client', ping(), on);
      talk.say('server', pong('', 14), on);
    }),
  ],
});

it('a SETUP has the times that its client was given, to the millisecond', () => {
  const clients = (keepaliveMs: number) => [
    { role: 'client' as const, instance: 'main', id: 'main', timers: { keepaliveMs, lifetimeMs: 10_000.4 }, options: {} },
  ];
  const begin: Play = (talk) => talk.begin();
  expect(judge(setup, begin, { ...testFacts, instances: clients(2000) }).broken).toEqual([]);
  expect(judge(setup, begin, { ...testFacts, instances: clients(1000) }).broken).toEqual(['RSOCKET-SETUP-03 client']);
  shown.add('RSOCKET-SETUP-03');
});

it('a LEASE lasts as long as its sender was told', () => {
  const server = (leaseTtlMs: number) => [{ role: 'server' as const, instance: 'main', id: 'main', timers: { leaseTtlMs }, options: {} }];
  const grant = leased((talk) => talk.server(leaseFrame(2500, 1)));
  expect(judge(lease, grant, { ...testFacts, instances: server(2500) }).broken).toEqual([]);
  expect(judge(lease, grant, { ...testFacts, instances: server(3000) }).broken).toEqual(['RSOCKET-LEASE-06 server']);
  shown.add('RSOCKET-LEASE-06');
});

it('every rule that an invariant may report is broken by some trace above', () => {
  const rules = new Set(rsocketInvariants.flatMap(({ requirements }) => requirements));
  expect([...rules].filter((rule) => !shown.has(rule))).toEqual([]);
});

it('any conversation is judged without failing', () => {
  const frames = workedBytes.map(([, frame]) => frame);
  const step = fc.record({
    from: fc.constantFrom<Role>('client', 'server'),
    frame: fc.constantFrom(...frames),
    streamId: fc.nat(4),
    lost: fc.boolean(),
    connection: fc.nat(1),
    flags: fc.nat(0x3ff),
    odd: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      for (const invariant of rsocketInvariants) {
        judge(invariant, (talk) => {
          for (const { from, frame, streamId, lost, connection, flags, odd } of steps) {
            const changed = { ...frame, streamId, ...(odd ? { flags } : {}) } as RSocketFrame;
            talk.say(from, changed, { connection, ...(lost ? { lost: true as const } : {}) });
          }
        });
      }
    }),
    { numRuns: 200 },
  );
});
