import * as z from 'zod';
import { tcp } from '../../../../protocols/carriers/tcp/carrier.ts';
import { webSocket } from '../../../../protocols/carriers/websocket/carrier.ts';
import type { PeerEvents } from '../../../../protocols/common/control.ts';
import type { Link, LinkEvents } from '../../../../protocols/common/environment.ts';
import type { MessageFrame } from '../../../../protocols/common/frame.ts';
import type { MakeReferenceClient, MakeReferenceServer, Protocol } from '../../../../protocols/common/protocol.ts';
import type { Setting } from '../../world.ts';

/** A protocol as small as can be: a message is its text; every call is a text that comes back. */
export const echoProtocol: Protocol = {
  name: 'echo',
  title: 'Echo',
  bindings: [
    { name: 'text', carrier: webSocket },
    { name: 'stream', carrier: tcp },
  ],
  timers: {},
  counts: [],
  adapterWords: { timers: {}, options: {}, statuses: {}, detail: '' },
  kinds: { rpc: { says: 'comes back', opening: {} } },
  callKeys: { wire: [], script: [], opens: [] },
  decode: ({ data }) => ({ ok: true, message: Buffer.from(data).toString() }),
  encode: (message) => textFrame(String(message)),
  summarise: ({ kind }) => kind,
  fields: () => [],
  kindOf: ({ kind }) => kind,
  wirePattern: z.object({ from: z.enum(['client', 'server']), text: z.string() }),
  mismatch: (pattern, event) => {
    const { from, text } = pattern as { from: string; text: string };
    const matches = event.type === 'sent' && event.from === from && event.decoded?.ok === true && event.decoded.message === text;
    return matches ? undefined : `expected ${text} from ${from}`;
  },
  bindCalls: () => new Map(),
  normalise: () => ({ lanes: [] }),
  variations: [],
  invariants: [],
  startInvariants: () => ({ observe() {}, finish() {} }),
  peerScript: { client: z.unknown(), server: z.unknown() },
  secretPaths: () => [],
  secretWords: [],
};

function textFrame(text: string): MessageFrame {
  return { kind: 'message', class: 'data', text: true, data: new TextEncoder().encode(text) };
}

/** Dials at `connect`; what was invoked before the connection is open is sent then. Its status tells of the connection. */
export const makeEchoClient: MakeReferenceClient = (_environment, dial, events) => {
  let link: Link | undefined;
  let isOpen = false;
  const waiting: string[] = [];
  const flush = () => {
    if (isOpen) for (const text of waiting.splice(0)) link?.send(textFrame(text));
  };
  return {
    async connect({ client, url }) {
      const hear: LinkEvents = {
        opened() {
          isOpen = true;
          events.status({ instance: client, status: 'connected' });
          flush();
        },
        message: ({ data }) => {
          const text = Buffer.from(data).toString();
          events.message({ call: text, result: { ok: true, value: text } });
        },
        closed: ({ code }) => events.status({ instance: client, status: 'disconnected', detail: String(code) }),
      };
      isOpen = false;
      link = dial(hear, url);
    },
    async invoke({ call }) {
      waiting.push(call);
      flush();
    },
    async send() {},
    async finish() {},
    async cancel() {},
    async disconnect() {
      link?.close(1000, 'done');
    },
    script() {},
  };
};

/** Sends back every message. */
export const makeEchoServer: MakeReferenceServer = () => ({
  serve: () => (link) => ({ opened() {}, message: (frame) => link.send(frame), closed() {} }),
  async stop() {},
  script() {},
});

/** Events that go nowhere. */
export const silence: PeerEvents = { start() {}, message() {}, end() {}, status() {}, handler() {}, log() {} };

/** Both ends the echo peers; `client` hears of the client's events. */
export function echoSetting(
  client: PeerEvents,
  server: Setting['server'] = { kind: 'reference', make: makeEchoServer },
  binding: 'text' | 'stream' = 'text',
): Setting {
  return {
    protocol: echoProtocol,
    binding,
    seed: 7,
    timeScale: 0.01,
    serve: { binding, serverId: 's', timers: {}, options: {} },
    client: { kind: 'reference', make: makeEchoClient },
    server,
    events: { client, server: silence },
    match: { streamOf: () => undefined },
  };
}

/** Parameters of `connect` for a client named `main`. */
export function connectMain(url: string) {
  return { client: 'main', url, binding: 'text', clientId: 'c', serverId: 's', timers: {}, options: {}, eager: true };
}

/** Parameters of `invoke` for a call whose text is its name. */
export function invokeEcho(call: string) {
  return { at: 'main', call, service: 'echo', procedure: 'echo', kind: 'rpc', value: {} };
}
