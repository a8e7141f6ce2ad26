import type { ClientPeer, ConnectParams, InvokeParams } from '../../../protocols/common/control.ts';
import type { Link, LinkEvents } from '../../../protocols/common/environment.ts';
import type { MessageFrame } from '../../../protocols/common/frame.ts';
import type { Scriptable } from '../../../protocols/common/protocol.ts';
import { type ManualEnvironment, manualEnvironment } from '../../../protocols/common/testing/manual-environment.ts';
import { encodeMessage } from '../../../protocols/river/codec.ts';
import type { RiverMessage } from '../../../protocols/river/message.ts';
import { binaryFrame } from '../../../protocols/river/scripted-message.ts';
import { createMessage, type MessageParts, newSession, receiveMessage, type SessionState } from '../../../protocols/river/session.ts';
import { readMessage } from '../../../protocols/river/validate.ts';
import { makeRiverClient } from '../index.ts';

/** The far end of one connection of the client under test, moved by hand. */
export interface FarLink {
  /** Everything the client sent on it. */
  readonly sent: RiverMessage[];
  /** How the client ended it. */
  readonly ended: () => 'close' | 'abort' | undefined;
  readonly closeCode: () => number | undefined;
  open(): void;
  /** Delivers an encoded message, however wrong. */
  deliver(message: unknown): void;
  deliverFrame(frame: MessageFrame): void;
  /** The connection ends without the client's doing. */
  lose(code?: number): void;
}

/** A client with its environment, its connections in order, and all that it told its application. */
export interface Bench {
  readonly environment: ManualEnvironment;
  readonly client: ClientPeer & Scriptable;
  readonly links: readonly FarLink[];
  /** `["call", value]`, `["call", {error}]`, `["call", "end"]`, in order. */
  readonly read: [call: string, what: unknown][];
  readonly statuses: string[];
  /** The n-th connection. Throws where it was not dialled. */
  link(n: number): FarLink;
  connect(params?: Partial<ConnectParams>): void;
  invoke(call: string, kind: string, more?: Partial<InvokeParams>): void;
  script(command: unknown): void;
}

/** Sets up a reference client with nothing connected. `random` feeds its jitter and ids. */
export function bench(codec = 'json', random?: () => number): Bench {
  const environment = random === undefined ? manualEnvironment() : manualEnvironment(random);
  const links: FarLink[] = [];
  const read: [string, unknown][] = [];
  const statuses: string[] = [];
  const client = makeRiverClient(
    environment,
    (events) => {
      const [near, far] = linkPair(events, codec);
      links.push(far);
      return near;
    },
    {
      start: () => {},
      message: ({ call, result }) => read.push([call, result.ok ? result.value : { error: result.error }]),
      end: ({ call }) => read.push([call, 'end']),
      status: ({ status, detail }) => statuses.push(detail === undefined ? status : `${status} ${detail}`),
      handler: () => {},
      log: () => {},
    },
  );
  return {
    environment,
    client,
    links,
    read,
    statuses,
    link(n) {
      const link = links[n];
      if (link === undefined) throw new Error(`connection ${n} was not dialled; there are ${links.length}`);
      return link;
    },
    connect(params = {}) {
      const defaults = { client: 'main', url: '', binding: codec, clientId: 'C', serverId: 'S', timers: {}, options: {}, eager: true };
      void client.connect({ ...defaults, ...params });
    },
    invoke(call, kind, more = {}) {
      void client.invoke({ at: 'main', call, service: 'test', procedure: 'add', kind, value: {}, ...more });
    },
    script: (command) => void client.script(command, { streamOf: () => undefined }),
  };
}

/** The server's side of a session, for tests that hold a conversation. */
export class StandInServer {
  readonly session: SessionState;
  #ids = 0;
  readonly #codec: string;

  constructor(sessionId: string, codec = 'json') {
    this.session = newSession(sessionId, 'S', 'C');
    this.#codec = codec;
  }

  /** Sends the session's next message on a link. */
  send(link: FarLink, parts: MessageParts): void {
    const stationery = { newId: () => `s${this.#ids++}`, encode: (message: unknown) => encodeMessage(message, this.#codec) };
    const { bytes } = createMessage(this.session, parts, stationery);
    link.deliverFrame(binaryFrame(bytes));
  }

  /** Takes what the client sent on a link after its handshake, and says what it made of each. */
  take(link: FarLink): string[] {
    return link.sent.slice(1).map((message) => receiveMessage(this.session, message));
  }

  heartbeat(link: FarLink): void {
    this.send(link, { streamId: 'heartbeat', controlFlags: 1, payload: { type: 'ACK' } });
  }

  /** A Result; flags 0 unless told. */
  result(link: FarLink, streamId: string, payload: unknown, controlFlags = 0): void {
    this.send(link, { streamId, controlFlags, payload: { ok: true, payload } });
  }
}

/** Payload of the handshake request that a link carried first. */
export function requestOn(link: FarLink): Record<string, unknown> {
  return link.sent[0]?.payload as Record<string, unknown>;
}

/** A handshake response in its envelope. */
export function response(status: unknown): Record<string, unknown> {
  return {
    ...{ id: 'r', from: 'S', to: 'C', seq: 0, ack: 0, streamId: 'x', controlFlags: 0 },
    payload: { type: 'HANDSHAKE_RESP', status },
  };
}

/** Opens a link and accepts its handshake; returns the session id that was asked for. */
export function accept(link: FarLink): string {
  link.open();
  const sessionId = String(requestOn(link)['sessionId']);
  link.deliver(response({ ok: true, sessionId }));
  return sessionId;
}

/** A bench whose client is connected, and the server's side of its session. */
export function connected(params: Partial<ConnectParams> = {}): { bench: Bench; server: StandInServer; link: FarLink } {
  const made = bench();
  made.connect(params);
  made.environment.advance(0);
  const link = made.link(0);
  return { bench: made, server: new StandInServer(accept(link)), link };
}

function linkPair(events: LinkEvents, codec: string): [Link, FarLink] {
  const sent: RiverMessage[] = [];
  let ended: 'close' | 'abort' | undefined;
  let closeCode: number | undefined;
  const near: Link = {
    send(frame) {
      const decoded = readMessage(frame, codec);
      sent.push(decoded.ok ? decoded.message : ({ undecodable: decoded.error } as unknown as RiverMessage));
    },
    close(code) {
      ended ??= 'close';
      closeCode = code;
    },
    abort() {
      ended ??= 'abort';
    },
  };
  const far: FarLink = {
    sent,
    ended: () => ended,
    closeCode: () => closeCode,
    open: () => events.opened(),
    deliver: (message) => events.message(binaryFrame(encodeMessage(message, codec))),
    deliverFrame: (frame) => events.message(frame),
    lose: (code = 1006) => events.closed({ code, reason: '' }),
  };
  return [near, far];
}
