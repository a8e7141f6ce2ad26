import { answerOf } from '../../protocols/clamator/decode.ts';
import { type CallId, methodOf } from '../../protocols/clamator/envelope.ts';
import type { Entry } from '../../protocols/clamator/message.ts';
import { Connection, RedisError, unlessUnanswered } from '../../protocols/clamator/peer/connection.ts';
import { commandsOf, repliesOf, uuid } from '../../protocols/clamator/peer/names.ts';
import { textsOf } from '../../protocols/clamator/peer/words.ts';
import type { ClientCommand } from '../../protocols/clamator/script.ts';
import type { InvokeParams, PeerEvents } from '../../protocols/common/control.ts';
import type { Environment } from '../../protocols/common/environment.ts';
import { fromTagged, isPlainObject } from '../../protocols/common/value.ts';
import { readReply } from './reply.ts';
import type { ClientSettings } from './settings.ts';

/** How long the end of connections is waited for, in pauses after an error. */
const CLOSING_RETRIES = 10;

interface OpenCall {
  readonly call: string;
  readonly stopTimer: () => void;
}

/** What a call fails with that no reply says. */
type Failure = { readonly code: 'TRANSPORT' | 'PROTOCOL' | 'NAME'; readonly message: string };

/** One client of clamator: calls and notifications through one reply stream. */
export class Client {
  readonly #environment: Environment;
  readonly #events: PeerEvents;
  readonly #settings: ClientSettings;
  readonly #commands: Connection;
  readonly #reader: Connection;
  readonly #open = new Map<CallId, OpenCall>();
  /** Entry of the reply stream that was read last. */
  #last = '0';
  #state: 'new' | 'started' | 'stopped' = 'new';

  constructor(environment: Environment, events: PeerEvents, settings: ClientSettings) {
    this.#environment = environment;
    this.#events = events;
    this.#settings = settings;
    const way = { dial: settings.dial, url: settings.url, binding: settings.binding };
    let isNews = true;
    const opened = (): void => {
      if (isNews) events.status({ instance: settings.instance, status: 'connected' });
      isNews = false;
    };
    this.#commands = new Connection({ ...way, opened });
    this.#reader = new Connection(way);
  }

  get #replies(): string {
    return repliesOf(this.#settings.prefix, this.#settings.id);
  }

  /** Begins to read replies; once (CLAMATOR-STOP-11). */
  start(): void {
    if (this.#state !== 'new') return;
    this.#state = 'started';
    void this.#read();
  }

  /** Calls, or notifies; told to the events. */
  async invoke({ call, kind, procedure = '', value, metadata }: InvokeParams): Promise<void> {
    const names = methodOf(procedure);
    if (names === undefined) return this.#fail(call, { code: 'NAME', message: `no name of a method: ${JSON.stringify(procedure)}` });
    if (!this.#settings.isHeld) this.start();
    if (this.#state !== 'started') {
      return this.#fail(call, { code: 'TRANSPORT', message: this.#state === 'new' ? 'transport not started' : 'transport stopped' });
    }
    const params = fromTagged(value) ?? {};
    const stream = commandsOf(this.#settings.prefix, names.service);
    if (kind === 'notification') {
      void this.#notify(call, stream, { jsonrpc: '2.0', method: procedure, params });
      return;
    }
    const id = uuid(this.#environment);
    const { timeoutMs } = isPlainObject(metadata) ? metadata : {};
    const ms = typeof timeoutMs === 'number' ? timeoutMs * this.#settings.timeScale : this.#settings.timers.callTimeoutMs;
    // The clock begins with the call: what the XADD takes is of it (CLAMATOR-TIMEOUT-07).
    const stopTimer = this.#environment.after(ms, () => this.#settle(id, { code: 'TRANSPORT', message: 'call timeout' }));
    this.#open.set(id, { call, stopTimer });
    void this.#request(id, stream, { jsonrpc: '2.0', method: procedure, params, id });
  }

  /** Abandons a call; the server is not told (CLAMATOR-TIMEOUT-08). */
  cancel(call: string): void {
    for (const [id, open] of this.#open) {
      if (open.call !== call) continue;
      this.#open.delete(id);
      open.stopTimer();
      this.#events.end({ call });
    }
  }

  /** Stops: open calls fail, the reply stream goes, the connections end (CLAMATOR-STOP-07, -08). */
  async stop(): Promise<void> {
    const wasStarted = this.#state === 'started';
    this.#state = 'stopped';
    if (!wasStarted) return;
    const reading = this.#reader.close();
    for (const id of [...this.#open.keys()]) this.#settle(id, { code: 'TRANSPORT', message: 'transport stopped' });
    await this.#commands.ask(['DEL', this.#replies]).catch(unlessUnanswered);
    await Promise.race([Promise.all([reading, this.#commands.close()]), this.#pause(CLOSING_RETRIES * this.#settings.timers.retryMs)]);
    this.#events.status({ instance: this.#settings.instance, status: 'closed' });
  }

  /** Carries out a command of a case. */
  script({ command, add: entry }: ClientCommand): void {
    const { space } = this.#settings;
    if (command !== undefined) this.#commands.ask(textsOf(command, space)).catch(unlessUnanswered);
    if (entry === undefined) return;
    const text = entry.text ?? (entry.envelope === undefined ? undefined : JSON.stringify(fromTagged(entry.envelope)));
    const fields = ['type', entry.type, ...(text === undefined ? [] : ['envelope', text])];
    const replyTo = entry['reply-to'] === undefined ? [] : ['reply-to', `${space}${entry['reply-to']}`];
    this.#commands.ask(['XADD', `${space}${entry.stream}`, '*', ...fields, ...replyTo]).catch(unlessUnanswered);
  }

  async #request(id: CallId, stream: string, envelope: object): Promise<void> {
    try {
      await this.#commands.ask([...add(stream, envelope), 'reply-to', this.#replies]);
    } catch (error) {
      this.#settle(id, { code: 'TRANSPORT', message: `xadd failed: ${messageOf(error)}` });
    }
  }

  async #notify(call: string, stream: string, envelope: object): Promise<void> {
    try {
      await this.#commands.ask(add(stream, envelope));
      this.#events.end({ call });
    } catch (error) {
      this.#fail(call, { code: 'TRANSPORT', message: `xadd failed: ${messageOf(error)}` });
    }
  }

  async #read(): Promise<void> {
    const { timers } = this.#settings;
    while (this.#state === 'started') {
      try {
        const reply = await this.#reader.ask(['XREAD', 'BLOCK', String(timers.blockMs), 'STREAMS', this.#replies, this.#last]);
        for (const entry of answerOf(reply).entries ?? []) this.#take(entry);
      } catch {
        await this.#pause(timers.retryMs);
      }
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#environment.after(ms, resolve));
  }

  #take(entry: Entry): void {
    if (entry.id !== undefined) this.#last = entry.id;
    const reply = entry.envelope === undefined ? undefined : readReply(entry.envelope);
    const open = reply === undefined ? undefined : this.#open.get(reply.id);
    // What answers no open call is nothing (CLAMATOR-REPLY-09).
    if (reply === undefined || open === undefined) return;
    if (reply.type === 'success') {
      this.#open.delete(reply.id);
      open.stopTimer();
      this.#events.message({ call: open.call, result: { ok: true, value: reply.result } });
      this.#events.end({ call: open.call });
      return;
    }
    this.#settle(reply.id, reply.type === 'invalid' ? { code: 'PROTOCOL', message: reply.why } : reply.error);
  }

  #settle(id: CallId, failure: Failure | { readonly code: number; readonly message: string; readonly data?: unknown }): void {
    const open = this.#open.get(id);
    if (open === undefined) return;
    this.#open.delete(id);
    open.stopTimer();
    this.#fail(open.call, failure);
  }

  #fail(call: string, failure: { readonly code: string | number; readonly message: string; readonly data?: unknown }): void {
    const { code, message, data } = failure;
    const extras = data === undefined || data === null ? {} : { extras: data };
    this.#events.message({ call, result: { ok: false, error: { code, message, ...extras } } });
    this.#events.end({ call });
  }
}

function add(stream: string, envelope: object): string[] {
  return ['XADD', stream, '*', 'type', 'rpc', 'envelope', JSON.stringify(envelope)];
}

function messageOf(error: unknown): string {
  if (error instanceof RedisError) return error.message;
  return error instanceof Error ? error.message : String(error);
}
