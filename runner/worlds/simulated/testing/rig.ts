import * as z from 'zod';
import { tcp } from '../../../../protocols/carriers/tcp/carrier.ts';
import { webSocket } from '../../../../protocols/carriers/websocket/carrier.ts';
import type { ClientPeer, PeerEvents } from '../../../../protocols/common/control.ts';
import type { Dial, Environment, Link, LinkEvents } from '../../../../protocols/common/environment.ts';
import type { Frame, MessageFrame } from '../../../../protocols/common/frame.ts';
import type { Protocol } from '../../../../protocols/common/protocol.ts';
import { isPlainObject } from '../../../../protocols/common/value.ts';
import type { Setting } from '../../world.ts';

/** A protocol whose messages are plain texts; patterns are `{from?, text?}`. */
const textProtocol: Protocol = {
  name: 'text',
  title: 'Plain texts',
  bindings: [
    { name: 'utf8', carrier: webSocket },
    { name: 'prefixed', carrier: tcp },
  ],
  timers: {},
  counts: [],
  adapterWords: { timers: {}, options: {}, statuses: {}, detail: '' },
  kinds: {},
  callKeys: { wire: [], script: [], opens: [] },
  decode: (frame) => ({ ok: true, message: { text: textOf(frame) } }),
  encode: (message) => textFrame(isPlainObject(message) ? String(message['text']) : String(message)),
  summarise: (frame) => textOf(frame),
  fields: () => [],
  kindOf: (frame) => frame.kind,
  wirePattern: z.strictObject({ from: z.string().optional(), text: z.string().optional() }),
  mismatch(pattern, event) {
    const { from, text } = isPlainObject(pattern) ? pattern : {};
    const matches = event.type === 'sent' && (from ?? event.from) === event.from && (text === undefined || text === textOf(event.frame));
    return matches ? undefined : 'another frame';
  },
  bindCalls: () => new Map(),
  normalise: () => ({ lanes: [] }),
  variations: [],
  invariants: [],
  startInvariants: () => ({ observe() {}, finish() {} }),
  peerScript: { client: z.never(), server: z.never() },
  secretPaths: () => [],
  secretWords: [],
};

/** A text message. */
export function textFrame(text: string): MessageFrame {
  return { kind: 'message', class: 'data', text: true, data: new TextEncoder().encode(text) };
}

/** A message as text; another frame's kind. */
export function textOf(frame: Frame): string {
  return frame.class === 'data' ? new TextDecoder().decode(frame.data) : frame.kind;
}

/** A setting of two tiny peers. The server answers each text `x` with `re x`; `close` and `abort` make it do so. */
export interface Rig {
  readonly setting: Setting;
  /** What both ends' links were told: `4 client 0 opened`, with the virtual time, in order. */
  readonly log: readonly string[];
  /** Opens the next connection, during a run. */
  dial(): { send(text: string): void; ping(text: string): void; raw(bytes: Uint8Array): void; close(code: number): void; abort(): void };
  /** Called with each text that reaches the server, before it answers. */
  onServerText: (text: string) => void;
}

const deafEvents: PeerEvents = { start() {}, message() {}, end() {}, status() {}, handler() {}, log() {} };

/** Makes a rig; what is not said is `seed` 1, on WebSocket. `halfOpen`: both ends hear of a FIN, and end by themselves. */
export function createRig(seed = 1, binding: 'utf8' | 'prefixed' = 'utf8', halfOpen = false): Rig {
  const log: string[] = [];
  let clock: Environment | undefined;
  let dialer: Dial | undefined;
  let dialled = 0;
  let accepted = 0;

  function eventsOf(who: string, onText: (text: string) => void): LinkEvents {
    const say = (what: string) => log.push(`${clock?.now()} ${who} ${what}`);
    return {
      opened: () => say('opened'),
      message(frame) {
        say(textOf(frame));
        onText(textOf(frame));
      },
      upkeep: ({ kind, data }) => say(`${kind} ${new TextDecoder().decode(data)}`),
      ...(halfOpen ? { ended: () => say('ended') } : {}),
      closed: ({ code }) => say(`closed ${code}`),
    };
  }

  function answer(link: Link, text: string): void {
    rig.onServerText(text);
    if (text === 'close') link.close(4002, 'asked to');
    else if (text === 'abort') link.abort();
    else link.send(textFrame(`re ${text}`));
  }

  const rig: Rig = {
    log,
    onServerText() {},
    dial() {
      if (dialer === undefined) throw new Error('the rig is not running');
      const link = dialer(eventsOf(`client ${dialled}`, () => {}));
      dialled += 1;
      return {
        send: (text) => link.send(textFrame(text)),
        ping: (text) => link.upkeep?.({ kind: 'ping', class: 'upkeep', data: new TextEncoder().encode(text) }),
        raw: (bytes) => link.raw?.(bytes),
        close: (code) => link.close(code, ''),
        abort: () => link.abort(),
      };
    },
    setting: {
      protocol: textProtocol,
      binding,
      seed,
      timeScale: 1,
      serve: { binding, serverId: 'SERVER', timers: {}, options: {} },
      client: {
        kind: 'reference',
        make(_environment, dial) {
          dialer = dial;
          return { ...idleClient, script() {} };
        },
      },
      server: {
        kind: 'reference',
        make(environment) {
          clock = environment;
          return {
            script() {},
            stop: () => Promise.resolve(),
            serve: () => (link) => {
              const who = `server ${accepted}`;
              accepted += 1;
              return eventsOf(who, (text) => answer(link, text));
            },
          };
        },
      },
      events: { client: deafEvents, server: deafEvents },
      match: { streamOf: () => undefined },
    },
  };
  return rig;
}

const idle = () => Promise.resolve();
const idleClient: ClientPeer = { connect: idle, invoke: idle, send: idle, finish: idle, cancel: idle, disconnect: idle };

/** Lets virtual time pass. */
export function pass(environment: Environment, ms: number): Promise<void> {
  return new Promise((resolve) => {
    environment.after(ms, resolve);
  });
}
