import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Link, LinkClosed, LinkEvents } from '../../../protocols/common/environment.ts';
import type { MessageFrame } from '../../../protocols/common/frame.ts';
import { acceptOf } from '../../../protocols/common/protocol.ts';
import { type ManualEnvironment, manualEnvironment } from '../../../protocols/common/testing/manual-environment.ts';
import { decodeMessage, encodeMessage } from '../../../protocols/river/codec.ts';
import { DEFAULT_TIMERS } from '../../../protocols/river/message.ts';
import { type ServerCommand, serverScript } from '../../../protocols/river/script.ts';
import { riverServer } from '../index.ts';

/** services.yaml, parsed. */
export const services: unknown = parse(readFileSync(new URL('../../../cases/river/services.yaml', import.meta.url), 'utf8'));

const makeServer = riverServer(services);

/** A decoded message as a test reads it. */
export type Received = Record<string, unknown>;

/** The client's end of a connection to the server on the bench, played by hand. */
export class HandClient {
  readonly received: Received[] = [];
  /** How the server ended it. */
  closed: 'close' | 'abort' | undefined;
  code: number | undefined;
  readonly answersClose: boolean;
  seq = 0;
  ack = 0;
  readonly id: string;
  readonly #codec: string;
  #events: LinkEvents | undefined;
  #ids = 0;

  constructor(id: string, codec: string, accept: (link: Link) => LinkEvents, answersClose: boolean) {
    this.id = id;
    this.#codec = codec;
    this.answersClose = answersClose;
    this.#events = accept({
      send: (frame) => this.#receive(frame),
      close: (code) => {
        this.closed = 'close';
        this.code = code;
        if (this.answersClose) this.lose(code);
      },
      abort: () => {
        this.closed = 'abort';
        this.lose(1006);
      },
    });
    this.#events.opened();
  }

  /** The connection ends for the server. */
  lose(code = 1006): void {
    const closed: LinkClosed = { code, reason: '' };
    this.#events?.closed(closed);
  }

  /** Writes a frame as it is. */
  raw(frame: Omit<MessageFrame, 'kind' | 'class'>): void {
    this.#events?.message({ kind: 'message', class: 'data', ...frame });
  }

  /** Writes a message; what is not given is filled in. Numbered messages count on. */
  send(parts: Readonly<Record<string, unknown>>): void {
    this.#ids += 1;
    const numbered = parts['seq'] === undefined;
    const message = {
      id: `m${this.#ids}`,
      from: this.id,
      to: 'SERVER',
      seq: this.seq,
      ack: this.ack,
      streamId: 's',
      controlFlags: 0,
      ...parts,
    };
    if (numbered) this.seq += 1;
    this.raw({ text: false, data: encodeMessage(message, this.#codec) });
  }

  /** Sends a handshake request. */
  handshake(request: Readonly<Record<string, unknown>> = {}, envelope: Readonly<Record<string, unknown>> = {}): void {
    const expectedSessionState = { nextExpectedSeq: 0, nextSentSeq: 0 };
    const payload = { type: 'HANDSHAKE_REQ', protocolVersion: 'v2.0', sessionId: 'session-A', expectedSessionState, ...request };
    this.send({ seq: 0, ack: 0, streamId: 'hs', payload, ...envelope });
  }

  /** Opens a stream. */
  open(procedure: string, init: unknown, { streamId = 's', flags = 2 } = {}): void {
    const [serviceName, procedureName] = procedure.split('.');
    this.send({ streamId, controlFlags: flags, serviceName, procedureName, payload: init });
  }

  /** What came on a stream since the last look, as [flags, payload]. */
  take(streamId = 's'): unknown[] {
    const taken = this.received.filter((message) => message['streamId'] === streamId);
    for (const message of taken) this.received.splice(this.received.indexOf(message), 1);
    return taken.map((message) => [message['controlFlags'], message['payload']]);
  }

  /** Status of the handshake response that came last. */
  status(): unknown {
    const payloads = this.received.map((message) => message['payload'] as Record<string, unknown> | undefined);
    return payloads.findLast((payload) => payload?.['type'] === 'HANDSHAKE_RESP')?.['status'];
  }

  #receive(frame: MessageFrame): void {
    const message = decodeMessage(frame.data, this.#codec) as Received;
    const payload = message['payload'] as Record<string, unknown> | null;
    if (payload?.['type'] !== 'HANDSHAKE_RESP') this.ack = Math.max(this.ack, Number(message['seq']) + 1);
    this.received.push(message);
  }
}

/** A server on the bench: manual clock, clients played by hand. */
export interface Bench {
  readonly environment: ManualEnvironment;
  /** `procedure event` of every handler event, in order. */
  readonly handlers: string[];
  readonly statuses: string[];
  /** Opens a connection; says nothing on it. */
  dial(id?: string, answersClose?: boolean): HandClient;
  /** Opens a connection and shakes hands for a new session. */
  join(id?: string, sessionId?: string, metadata?: unknown): HandClient;
  /** Carries out a scripted command; names stand for streams of the same id. */
  script(command: ServerCommand): void;
  stop(): void;
}

/** Serves with these options. */
export function bench(
  options: Readonly<Record<string, unknown>> = {},
  codec = 'json',
  timers: Readonly<Record<string, number>> = {},
): Bench {
  const environment = manualEnvironment();
  const handlers: string[] = [];
  const statuses: string[] = [];
  const server = makeServer(environment, {
    start: () => {},
    message: () => {},
    end: () => {},
    log: () => {},
    status: ({ status, detail }) => statuses.push(`${status} ${detail}`),
    handler: ({ service, procedure, event }) => handlers.push(`${service}.${procedure} ${event}`),
  });
  const accept = acceptOf(
    server.serve({ server: 'main', binding: codec, serverId: 'SERVER', timers: { ...DEFAULT_TIMERS, ...timers }, options }),
  );
  const dial = (id = 'client', answersClose = true): HandClient => new HandClient(id, codec, accept, answersClose);
  return {
    environment,
    handlers,
    statuses,
    dial,
    join(id = 'client', sessionId = 'session-A', metadata) {
      const client = dial(id);
      client.handshake({ sessionId, metadata });
      return client;
    },
    script: (command) => {
      const known = new Set(['s', 't', 'u']);
      void server.script(serverScript.parse(command), { streamOf: (name) => (known.has(name) ? name : undefined) });
    },
    stop: () => void server.stop({ server: 'main' }),
  };
}
