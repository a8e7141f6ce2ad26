import { expect, test } from 'vitest';
import { httpCarrier } from '../../../protocols/carriers/http/carrier.ts';
import { type Dial, type Environment, type Link, type LinkEvents, NO_CODE } from '../../../protocols/common/environment.ts';
import type { Frame } from '../../../protocols/common/frame.ts';
import { latin1Bytes } from '../../../protocols/common/latin1.ts';
import type { TraceEvent } from '../../../protocols/common/trace.ts';
import type { Fault } from '../../faults/fault.ts';
import type { Stage } from '../world.ts';
import { simulatedWorld } from './index.ts';
import { createRig, pass } from './testing/rig.ts';

const ASK = 'POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc';
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
const ANSWER = `${CHUNKED}2\r\nde\r\n1\r\nf\r\n0\r\n\r\n`;

/** `0 head`, `0 data def`, `fin` */
function saidOf(frame: Frame): string {
  if (frame.class !== 'data') return frame.kind;
  const text = Buffer.from(frame.data).toString('latin1');
  return [frame.part?.exchange, frame.kind, ...(frame.kind === 'head' || text === '' ? [] : [text])].join(' ');
}

function wireOf(trace: Iterable<TraceEvent>): string[] {
  return [...trace].flatMap((event) => {
    if (event.type === 'sent') return [`${event.from} ${saidOf(event.frame)}`];
    return event.type === 'carrier' ? [`${event.from} ${event.problem.kind} ${event.problem.detail}`] : [];
  });
}

/** Both ends write bytes: the client those that `act` writes, the server `answer` to each request that came whole. */
async function run(
  act: (link: Link, stage: Stage) => void,
  { answer = ANSWER, toxics = false, reaches = true }: { answer?: string; toxics?: boolean; reaches?: boolean } = {},
): Promise<{ client: string[]; server: string[]; wire: string[] }> {
  const heard: Record<'client' | 'server', string[]> = { client: [], server: [] };
  let dialer: Dial | undefined;
  let wire: string[] = [];
  const eventsOf = (who: 'client' | 'server', onWhole: () => void = () => {}): LinkEvents => ({
    opened: () => {},
    message(frame) {
      heard[who].push(saidOf(frame));
      if (frame.part?.last === true && frame.kind !== 'broken') onWhole();
    },
    ended: () => heard[who].push('ended'),
    closed: ({ code }) => heard[who].push(`closed ${code}`),
  });
  const { setting } = createRig();
  const make = (_environment: Environment, dial: Dial) => {
    dialer = dial;
    const idle = () => Promise.resolve();
    return { connect: idle, invoke: idle, send: idle, finish: idle, cancel: idle, disconnect: idle, script() {} };
  };
  const serve = (link: Link): LinkEvents => eventsOf('server', () => link.raw?.(latin1Bytes(answer)));
  const protocol = { ...setting.protocol, bindings: [{ name: 'http', carrier: httpCarrier() }] };
  await simulatedWorld().run(
    {
      ...setting,
      protocol,
      binding: 'http',
      serve: { ...setting.serve, binding: 'http' },
      toxics,
      client: { kind: 'reference', make },
      server: { kind: 'reference', make: () => ({ script() {}, stop: () => Promise.resolve(), serve: () => serve }) },
    },
    async (stage) => {
      if (!reaches) stage.fault({ refuse: { how: 'http' } });
      const link = dialer?.(eventsOf('client'));
      await pass(stage.environment, 10);
      if (link !== undefined) act(link, stage);
      await pass(stage.environment, 500);
      wire = wireOf(stage.recorder.trace);
    },
  );
  return { ...heard, wire };
}

const ask = (link: Link): void => link.raw?.(latin1Bytes(ASK));

test('what ends write reaches the other as frames of its exchange, however it was cut into writes', async () => {
  const { client, server, wire } = await run((link) => {
    for (const byte of latin1Bytes(`${ASK}${ASK}`)) link.raw?.(Uint8Array.of(byte));
  });
  expect(server).toEqual(['0 head', '0 data abc', '1 head', '1 data abc']);
  expect(client).toEqual(['0 head', '0 data def', '0 end', '1 head', '1 data def', '1 end']);
  expect(wire.filter((each) => each.startsWith('client'))).toEqual([
    'client 0 head',
    'client 0 data abc',
    'client 1 head',
    'client 1 data abc',
  ]);
});

test('a FIN passes one way, with what it cuts off', async () => {
  const { client, server, wire } = await run((link) => {
    ask(link);
    link.raw?.(latin1Bytes('POST /b HTTP/1.1\r\nContent-Length: 5\r\n\r\nab'));
    link.close(NO_CODE, '');
  });
  expect(server).toEqual(['0 head', '0 data abc', '1 head', '1 torn ab', 'ended']);
  expect(client).toEqual(['0 head', '0 data def', '0 end']);
  expect(wire).toContain('client 1 torn ab');
});

test('what is no HTTP is told of whoever sent it, and reaches the other end', async () => {
  const { server, wire } = await run((link) => link.raw?.(latin1Bytes('POST /a HTTP/1.1\nHost: x\n\n')));
  expect(server).toEqual(['0 broken POST /a HTTP/1.1\n']);
  expect(wire.slice(0, 2)).toEqual(['client broken-http lone-lf', 'client 0 broken POST /a HTTP/1.1\n']);
});

test('who is turned away is answered with a status', async () => {
  const { client } = await run(ask, { reaches: false });
  expect(client[0]).toBe('0 head');
  expect(client).toContain('ended');
});

const faults: readonly (readonly [what: string, fault: Fault, client: readonly string[]])[] = [
  ['cut before its body', { cut: { at: 'before', frame: { from: 'server', text: 'def' } } }, ['0 head', 'closed 1006']],
  ['cut after its body', { cut: { at: 'after', frame: { from: 'server', text: 'def' } } }, ['0 head', '0 data def', 'closed 1006']],
  [
    'corrupted',
    { corrupt: { frame: { from: 'server', text: 'def' } } },
    ['0 head', `0 data ${String.fromCharCode(0x64 ^ 0xff)}ef`, '0 end'],
  ],
  ['delayed', { delay: { frame: { from: 'server', text: 'def' }, for: 50 } }, ['0 head', '0 data def', '0 end']],
];
test.each(faults)('an answer that is %s', async (_what, fault, expected) => {
  const { client } = await run((link, stage) => {
    stage.fault(fault);
    ask(link);
  });
  expect(client).toEqual(expected);
});

test('through toxics it is the same', async () => {
  expect(await run(ask, { toxics: true })).toEqual(await run(ask));
});
