import { describe, expect, test } from 'vitest';
import { webSocket } from '../../protocols/carriers/websocket/carrier.ts';
import type { PeerEvents } from '../../protocols/common/control.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import { readEvents } from '../bundles/records.ts';
import { createSecrets } from '../masking/secrets.ts';
import { recordsOf } from '../results/trace-record.ts';
import { realWorld } from './real/index.ts';
import { connectMain, echoProtocol, echoSetting, invokeEcho, silence } from './real/testing/echo-setting.ts';
import { simulatedWorld } from './simulated/index.ts';

/** A protocol whose messages cannot be read without what went before them. */
const seeing: Protocol = {
  ...echoProtocol,
  bindings: [{ name: 'text', carrier: webSocket }],
  seesOpenings: true,
  decode: ({ data }, { from, openings }) => ({
    ok: true,
    message: `${from} after ${openings.map((head) => Buffer.from(head.data).toString('latin1').split(/[ /]/)[0]).join(', ')}: ${Buffer.from(data)}`,
  }),
};

describe.each([
  ['simulated', () => simulatedWorld()],
  ['real', () => realWorld({ timeScale: 0.01 })],
] as const)('a protocol that sees openings, in the %s world', (_name, world) => {
  test('has the heads of the upgrade in its trace, and before it when it reads a message; from a file, too', async () => {
    let answered = false;
    const client: PeerEvents = {
      ...silence,
      message: () => {
        answered = true;
      },
    };
    await world().run({ ...echoSetting(client), protocol: seeing }, async (stage) => {
      await stage.client.connect(connectMain(stage.url));
      await stage.client.invoke(invokeEcho('hello'));
      while (!answered) await new Promise<void>((resolve) => void stage.environment.after(1, resolve));
      const frames = [...stage.recorder.trace].filter((event) => event.type === 'sent' || event.type === 'delivered');
      const told = frames.map((event) => [
        event.type === 'sent' ? event.from : `> ${event.to}`,
        event.frame.kind,
        event.decoded?.ok === true ? event.decoded.message : undefined,
      ]);
      expect(told).toEqual([
        ['client', 'head', undefined],
        ['> server', 'head', undefined],
        ['server', 'head', undefined],
        ['> client', 'head', undefined],
        ['client', 'message', 'client after GET, HTTP: hello'],
        ['> server', 'message', 'client after GET, HTTP: hello'],
        ['server', 'message', 'server after GET, HTTP: hello'],
        ['> client', 'message', 'server after GET, HTTP: hello'],
      ]);
      const recording = { protocol: seeing, binding: 'text', masker: createSecrets().masker };
      const written: unknown[] = JSON.parse(JSON.stringify(recordsOf(stage.recorder.trace, recording)));
      const read = readEvents(written, seeing, 'text', 'a file').filter((event) => event.type === 'sent' || event.type === 'delivered');
      expect(read.map(({ decoded }) => (decoded?.ok === true ? decoded.message : undefined))).toEqual(told.map(([, , message]) => message));
    });
  });

  test('can lose a head as any frame', async () => {
    await world().run(
      { ...echoSetting(silence), protocol: { ...seeing, mismatch: (_pattern, { frame }) => (frame.kind === 'head' ? undefined : 'no') } },
      async (stage) => {
        stage.fault({ drop: { frame: { from: 'client', text: '' } } });
        await stage.client.connect(connectMain(stage.url));
        const lost = (): boolean => [...stage.recorder.trace].some(({ type }) => type === 'fault' && stage.recorder.trace.length > 2);
        while (!lost()) await new Promise<void>((resolve) => void stage.environment.after(1, resolve));
        expect(
          [...stage.recorder.trace].flatMap((event) => (event.type === 'sent' || event.type === 'delivered' ? [event.type] : [])),
        ).toEqual(['sent']);
      },
    );
  });
});

test('heads are kept without the secrets in them', () => {
  const head = {
    kind: 'head',
    class: 'opening',
    data: new TextEncoder().encode('GET / HTTP/1.1\r\nAuthorization: Bearer abc\r\n\r\n'),
  } as const;
  const trace = [{ n: 0, t: 0, type: 'sent', connection: 0, from: 'client', frame: head, decoded: undefined }] as const;
  const recording = { protocol: seeing, binding: 'text', masker: createSecrets().masker };
  expect(JSON.stringify(recordsOf([...trace], recording))).not.toContain(Buffer.from('abc').toString('base64').slice(0, 3));
  const [kept] = readEvents(JSON.parse(JSON.stringify(recordsOf([...trace], recording))), seeing, 'text', 'a file');
  expect(kept?.type === 'sent' && kept.frame.class === 'opening' && Buffer.from(kept.frame.data).toString()).toMatch(
    /^GET \/ HTTP\/1\.1\r\nAuthorization: x{10}\r\n\r\n$/,
  );
});
