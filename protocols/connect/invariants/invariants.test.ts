import { describe, expect, it } from 'vitest';
import { chunkBytes, lastChunk } from '../../carriers/http/write.ts';
import type { Role } from '../../common/frame.ts';
import { latin1Bytes } from '../../common/latin1.ts';
import { compress } from '../content.ts';
import { writeEnvelope } from '../envelope.ts';
import { judge, type Says, traceOf } from '../testing/talk.ts';
import { connectInvariants } from './index.ts';

/** A POST of a procedure, fields instead of the usual ones behind it. */
function post(procedure: string, fields: readonly string[], body = ''): string {
  const length = body === '' ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`;
  return [`POST /weir.v1.Test/${procedure} HTTP/1.1`, 'Connect-Protocol-Version: 1', ...fields, length, '', body].join('\r\n');
}

const echo = (...fields: readonly string[]): Says => ['client', post('Echo', ['Content-Type: application/json', ...fields], '{}')];
const answer = (status: number, fields: readonly string[], body: string): Says => [
  'server',
  [`HTTP/1.1 ${status} X`, ...fields, `Content-Length: ${body.length}`, '', body].join('\r\n'),
];
const json = 'Content-Type: application/json';
const stream = 'Content-Type: application/connect+json';
const envelopes = (...all: readonly (readonly [flags: number, text: string])[]): Uint8Array[] => [
  ...all.map(([flags, text]) => chunkBytes(writeEnvelope(flags, latin1Bytes(text)))),
  lastChunk(),
];
const count = (...fields: readonly string[]): Says => ['client', post('Count', [stream, ...fields]), ...envelopes([0, '{"to":1}'])];
const numbers = (fields: readonly string[], ...all: readonly (readonly [number, string])[]): Says => [
  'server',
  ['HTTP/1.1 200 OK', stream, ...fields, 'Transfer-Encoding: chunked', '', ''].join('\r\n'),
  ...envelopes(...all),
];
/** The same with compressed messages. */
const zipped = (...all: readonly (readonly [flags: number, data: Uint8Array])[]): Says => [
  'server',
  ['HTTP/1.1 200 OK', stream, 'Connect-Content-Encoding: gzip', 'Transfer-Encoding: chunked', '', ''].join('\r\n'),
  ...all.map(([flags, data]) => chunkBytes(writeEnvelope(flags, (flags & 1) === 0 ? data : compress(data, 'gzip')))),
  lastChunk(),
];
const get = (query: string, ...fields: readonly string[]): Says => [
  'client',
  [`GET /weir.v1.Test/Fetch?${query} HTTP/1.1`, ...fields, '', ''].join('\r\n'),
];

const good: readonly (readonly [what: string, says: readonly Says[]])[] = [
  ['a unary call', [echo('Accept-Encoding: gzip, br', 'Connect-Timeout-Ms: 5000'), answer(200, [json, 'x-a: b', 'trailer-t: c'], '{}')]],
  ['a unary call that fails', [echo(), answer(409, [json], '{"code":"aborted","details":[{"type":"a.B","value":"AQI"}]}')]],
  [
    'details with what they say',
    [
      echo(),
      answer(
        409,
        [json],
        '{"code":"aborted","details":[{"type":"weir.v1.Say","value":"CgFh","debug":{"text":"a"}},{"type":"a.B","value":"AQI","debug":5}]}',
      ),
    ],
  ],
  [
    'a request turned away',
    [['client', post('Echo', ['Content-Type: application/foo'], 'x').replace('application/foo', 'application/json')], answer(404, [], '')],
  ],
  [
    'what HTTP answers to what is none, in place of an answer that is not given yet',
    [echo(), ['client', 'nothing\r\n\r\n'], answer(400, [], '')],
  ],
  ['what HTTP answers to what is none', [['client', post('Echo', [json]), 'zz\r\n'], answer(400, [], '')]],
  ['a stream', [count(), numbers([], [0, '{"n":1}'], [2, '{"metadata":{"a":["b"]}}'])]],
  [
    'a message that is compressed and no JSON',
    [count('Connect-Accept-Encoding: gzip'), zipped([1, latin1Bytes('no JSON')], [2, latin1Bytes('{}')])],
  ],
  [
    'one that is more than is read here',
    [count('Connect-Accept-Encoding: gzip'), zipped([1, new Uint8Array(65 * 2 ** 20)], [2, latin1Bytes('{}')])],
  ],
  ['a stream that fails', [count(), numbers([], [2, '{"error":{"code":"aborted"}}'])]],
  ['a stream that is compressed', [count('Connect-Accept-Encoding: gzip'), zipped([1, latin1Bytes('{}')], [3, latin1Bytes('{}')])]],
  ['GETs of the same', [get('connect=v1&base64=1&encoding=proto&message='), get('connect=v1&base64=1&encoding=proto&message=')]],
  [
    'what HTTP answers to a request that was never whole',
    [['client', post('Echo', ['Content-Length: 10', json])], ['client'], answer(400, [], '')],
  ],
  ['a GET', [get('connect=v1&encoding=json&message=%7B%7D'), answer(200, [json], '{}')]],
];

const bad: readonly (readonly [requirement: string, blame: Role, says: readonly Says[]])[] = [
  ['CONNECT-UNARY-01', 'client', [['client', post('Echo', [json], '{}').replace('/weir', '/Weir')]]],
  ['CONNECT-UNARY-01', 'client', [['client', post('Echo', [json], '{}').replace('POST', 'PUT')]]],
  ['CONNECT-UNARY-02', 'client', [['client', post('Echo', [stream], '{}')]]],
  ['CONNECT-UNARY-02', 'client', [['client', post('Echo', [], '{}')]]],
  ['CONNECT-UNARY-03', 'client', [['client', post('Echo', [json], '{}').replace('Version: 1', 'Version: 2')]]],
  ['CONNECT-UNARY-03', 'client', [echo('Connect-Protocol-Version: 1')]],
  ['CONNECT-TIMEOUT-01', 'client', [echo('Connect-Timeout-Ms: 0')]],
  ['CONNECT-TIMEOUT-01', 'client', [echo('Connect-Timeout-Ms: 12345678901')]],
  ['CONNECT-TIMEOUT-01', 'client', [echo('Connect-Timeout-Ms: 1.5')]],
  ['CONNECT-COMP-07', 'client', [echo('Accept-Encoding: gzip;q=0.5')]],
  ['CONNECT-COMP-01', 'client', [echo('Connect-Content-Encoding: gzip')]],
  ['CONNECT-COMP-01', 'server', [count(), numbers(['Content-Encoding: identity'], [2, '{}'])]],
  ['CONNECT-STREAM-01', 'client', [['client', post('Count', [json], '{}')]]],
  ['CONNECT-STREAM-01', 'server', [count(), answer(200, [json], '{}')]],
  ['CONNECT-GET-01', 'client', [['client', 'GET /weir.v1.Test/Echo?connect=v1&encoding=json&message=%7B%7D HTTP/1.1\r\n\r\n']]],
  ['CONNECT-GET-02', 'client', [get('connect=v1&encoding=json')]],
  ['CONNECT-GET-03', 'client', [get('encoding=json&connect=v1&message=%7B%7D')]],
  ['CONNECT-GET-06', 'client', [get('connect=v1&encoding=proto&message=')]],
  ['CONNECT-GET-07', 'client', [get('connect=v1&encoding=json&message=%7B%7D', 'Content-Type: application/json')]],
  [
    'CONNECT-GET-10',
    'client',
    [get('connect=v1&encoding=json&message=%7B%22text%22:%22a%22%7D'), get('connect=v1&encoding=json&message=%7B%22text%22:%20%22a%22%7D')],
  ],
  ['CONNECT-UNARY-07', 'server', [echo(), answer(200, ['Content-Type: application/proto'], '')]],
  ['CONNECT-UNARY-08', 'server', [echo(), answer(500, ['Content-Type: text/html'], 'no')]],
  ['CONNECT-UNARY-08', 'server', [echo(), ['client'], answer(400, [], '')]],
  ['CONNECT-UNARY-08', 'server', [echo(), ['client', 'nothing\r\n\r\n'], answer(500, [], '')]],
  ['CONNECT-UNARY-09', 'server', [echo(), answer(400, [json], '{"code":"aborted"}')]],
  ['CONNECT-ERROR-01', 'server', [echo(), answer(500, [json], '{"message":"no"}')]],
  ['CONNECT-ERROR-08', 'server', [echo(), answer(500, [json], '{"code":"mine"}')]],
  [
    'CONNECT-ERROR-03',
    'server',
    [echo(), answer(409, [json], '{"code":"aborted","details":[{"type":"type.googleapis.com/a.B","value":""}]}')],
  ],
  ['CONNECT-ERROR-03', 'server', [echo(), answer(409, [json], '{"code":"aborted","details":[{"type":"a.B","value":"AQI="}]}')]],
  [
    'CONNECT-ERROR-03',
    'server',
    [echo(), answer(409, [json], '{"code":"aborted","details":[{"type":"weir.v1.Say","value":"CgFh","debug":{"text":"b"}}]}')],
  ],
  ['CONNECT-COMP-04', 'server', [echo('Accept-Encoding: br'), answer(200, [json, 'Content-Encoding: gzip'], '{}')]],
  ['CONNECT-COMP-04', 'server', [echo(), answer(200, [json, 'Content-Encoding: gzip'], '{}')]],
  ['CONNECT-UNARY-22', 'server', [echo(), answer(200, [json, 'Trailer: x-a'], '{}')]],
  [
    'CONNECT-UNARY-22',
    'server',
    [
      count(),
      [
        'server',
        `HTTP/1.1 200 OK\r\n${stream}\r\nTransfer-Encoding: chunked\r\n\r\n`,
        chunkBytes(writeEnvelope(2, latin1Bytes('{}'))),
        '0\r\nx-a: 1\r\n\r\n',
      ],
    ],
  ],
  ['CONNECT-META-03', 'client', [echo('x-a: \u00e4')]],
  ['CONNECT-STREAM-03', 'server', [count(), answer(501, [json], '{"code":"unimplemented"}')]],
  ['CONNECT-STREAM-03', 'server', [count(), ['server', `HTTP/1.1 500 X\r\n${stream}\r\nContent-Length: 0\r\n\r\n`]]],
  ['CONNECT-STREAM-05', 'server', [count(), numbers([], [0, '{"n":1}'])]],
  ['CONNECT-STREAM-05', 'server', [count(), numbers([], [2, '{}'], [2, '{}'])]],
  ['CONNECT-STREAM-05', 'server', [count(), numbers([], [2, '{}'], [0, '{}'])]],
  ['CONNECT-STREAM-06', 'client', [['client', post('Count', [stream]), ...envelopes([2, '{}'])]]],
  ['CONNECT-STREAM-07', 'server', [count(), numbers([], [4, '{}'], [2, '{}'])]],
  ['CONNECT-STREAM-04', 'client', [['client', post('Count', [stream]), chunkBytes(latin1Bytes('abc')), lastChunk()]]],
  ['CONNECT-COMP-10', 'server', [count(), numbers([], [1, '{}'], [2, '{}'])]],
  [
    'CONNECT-COMP-11',
    'server',
    [count('Connect-Accept-Encoding: gzip'), numbers(['Connect-Content-Encoding: gzip'], [1, 'no gzip'], [2, '{}'])],
  ],
  ['CONNECT-END-01', 'server', [count(), numbers([], [2, '[]'])]],
  ['CONNECT-END-01', 'server', [count(), numbers([], [2, '{"metadata":{"a":"b"}}'])]],
  ['CONNECT-END-01', 'server', [count(), numbers([], [2, '{"error":null}'])]],
  ['CONNECT-ERROR-01', 'server', [count(), numbers([], [2, '{"error":{"message":"no"}}'])]],
];

/** The same said of a service that only strangers know. */
const theirs = (says: Says): Says => {
  const [role, head = '', ...rest] = says;
  return [role, typeof head === 'string' ? head.replace('/weir.v1.Test/', '/acme.v1.Greeter/') : head, ...rest];
};

describe('of strangers, whose services nobody here knows', () => {
  const strange = (...says: readonly Says[]) => judge(traceOf(...says.map(theirs)), {});

  it.each(good)('nothing is said of %s', (_what, says) => {
    expect(strange(...says).broken).toEqual([]);
  });

  it.each([
    ['a file', 'GET /style.css HTTP/1.1\r\nAccept-Encoding: gzip;q=0.5\r\n\r\n'],
    ['what is no call', 'POST /log/in HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}'],
  ])('nothing is said of %s, nor of the answer', (_what, head) => {
    expect(judge(traceOf(['client', head], answer(500, ['Content-Type: text/html'], 'no')), {}).broken).toEqual([]);
  });

  it.each([
    ['CONNECT-UNARY-01', [['client', post('Echo', [json], '{}').replace('/weir.v1.Test/Echo', '/Echo')]]],
    ['CONNECT-UNARY-03', [['client', post('Echo', [json], '{}').replace('Version: 1', 'Version: 2')]]],
    ['CONNECT-TIMEOUT-01', [echo('Connect-Timeout-Ms: 0')]],
    ['CONNECT-GET-03', [get('encoding=json&connect=v1&message=%7B%7D')]],
    ['CONNECT-UNARY-07', [echo(), answer(200, ['Content-Type: application/proto'], '')]],
    ['CONNECT-STREAM-01', [count(), answer(200, [json], '{}')]],
    ['CONNECT-ERROR-01', [echo(), answer(500, [json], '{"message":"no"}')]],
  ] as const satisfies readonly (readonly [string, readonly Says[]])[])('%s is found broken', (requirement, says) => {
    expect(strange(...says).broken).toContainEqual(expect.objectContaining({ requirement }));
  });
});

describe('the invariants of Connect', () => {
  it.each(good)('say nothing of %s', (_what, says) => {
    expect(judge(traceOf(...says)).broken).toEqual([]);
  });

  it.each(bad)('find %s broken by the %s', (requirement, blame, says) => {
    const { broken } = judge(traceOf(...says));
    expect(broken).toContainEqual(expect.objectContaining({ requirement, blame }));
  });

  it('say what is missing, and not that it is an empty list', () => {
    const { broken } = judge(traceOf(['client', post('Echo', [json], '{}').replace('Connect-Protocol-Version: 1\r\n', '')]));
    expect(broken.map(({ message }) => message)).toContain('there is no Connect-Protocol-Version');
  });

  it('break and hold each of their requirements here', () => {
    const all = [...new Set(connectInvariants.flatMap(({ requirements }) => requirements))].sort();
    expect([...new Set(bad.map(([requirement]) => requirement))].sort()).toEqual(all);
    const held = new Set(
      [...good, ...bad.map(([, , says]) => ['', says] as const)].flatMap(([, says]) => [...judge(traceOf(...says)).held]),
    );
    expect([...held].sort()).toEqual(all);
  });
});
