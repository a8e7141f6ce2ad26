import type { RespValue } from '../../protocols/carriers/resp/value.ts';
import { answerOf } from '../../protocols/clamator/decode.ts';
import type { CallId } from '../../protocols/clamator/envelope.ts';
import type { Entry } from '../../protocols/clamator/message.ts';
import { Connection, RedisError, unlessUnanswered } from '../../protocols/clamator/peer/connection.ts';
import { commandsOf } from '../../protocols/clamator/peer/names.ts';
import { claimEveryMs } from '../../protocols/clamator/timers.ts';
import type { PeerEvents } from '../../protocols/common/control.ts';
import type { Environment } from '../../protocols/common/environment.ts';
import type { Services, Surroundings } from './contract.ts';
import { Gone, outcomeOf, replyText, type Task, taskOf } from './execute.ts';
import type { ServerSettings } from './settings.ts';

/** Entries of one read, and of one claim (CLAMATOR-GROUP-05, CLAMATOR-RECLAIM-02). */
const BATCH = 16;
const CLAIMS = 32;

/** How long the end of connections is waited for, in pauses after an error. */
const CLOSING_RETRIES = 10;

/** What a server shares with the others of its run. */
export interface ServerContext {
  readonly environment: Environment;
  readonly events: PeerEvents;
  readonly services: Services;
  /** Methods that a case answers by hand. */
  readonly manual: ReadonlySet<string>;
  /** Told of each request that a manual method got. */
  readonly held: (id: CallId, entry: Entry) => void;
  readonly nextRun: () => string;
}

/** One server of clamator: a group and a reading loop for each of its services, and a loop that claims what others left. */
export class Server {
  readonly #context: ServerContext;
  readonly #settings: ServerSettings;
  /** For all but reads that wait. */
  readonly #commands: Connection;
  readonly #services: string[] = [];
  readonly #readers = new Map<string, Connection>();
  readonly #memory = { count: 0 };
  #state: 'new' | 'serving' | 'stopping' | 'stopped' = 'new';
  /** Handlers that run, and what ends their waits. */
  readonly #running = new Set<Promise<void>>();
  readonly #ends = new Set<() => void>();

  constructor(context: ServerContext, settings: ServerSettings) {
    this.#context = context;
    this.#settings = settings;
    this.#commands = this.#connection();
    for (const service of settings.services) this.register(service);
  }

  /** Hosts a service. Once it has started that does nothing (CLAMATOR-LIFE-02). Throws for one that it hosts (CLAMATOR-CONTRACT-05). */
  register(service: string): void {
    if (this.#services.includes(service)) throw new Error(`the service ${service} is registered already`);
    if (this.#state === 'new') this.#services.push(service);
  }

  /** Makes the groups in order, then reads. Leaves nothing running where that fails (CLAMATOR-GROUP-01, -09). */
  async start(): Promise<void> {
    try {
      for (const service of this.#services) await this.#createGroup(service);
    } catch (error) {
      this.#state = 'stopped';
      void this.#commands.close();
      throw error;
    }
    this.#state = 'serving';
    for (const service of this.#services) {
      const reader = this.#connection();
      this.#readers.set(service, reader);
      void this.#read(service, reader);
      void this.#claim(service);
    }
  }

  /** Stops reading, lets the handler that runs finish within its grace, and is gone (CLAMATOR-STOP-01 … -06). */
  async stop(how: string | undefined): Promise<void> {
    if (this.#state === 'stopped') return;
    if (how === 'kill') {
      this.#state = 'stopped';
      for (const end of [...this.#ends]) end();
      for (const connection of [this.#commands, ...this.#readers.values()]) connection.abort();
      return;
    }
    this.#state = 'stopping';
    const closing = [...this.#readers.values()].map((reader) => reader.close());
    const { graceMs, retryMs } = this.#settings.timers;
    await Promise.race([Promise.allSettled(this.#running), this.#pause(graceMs)]);
    this.#state = 'stopped';
    // One that still runs is abandoned: its entry stays pending.
    for (const end of [...this.#ends]) end();
    closing.push(this.#commands.close());
    // What is added now goes to nobody who is gone; a Redis that does not answer is not waited for.
    await Promise.race([Promise.all(closing), this.#pause(CLOSING_RETRIES * retryMs)]);
    this.#context.events.status({ instance: this.#settings.instance, status: 'closed' });
  }

  /** Sends a command of a case. */
  command(words: readonly (string | Uint8Array)[]): void {
    this.#commands.ask(words).catch(unlessUnanswered);
  }

  /** What all its names begin with. */
  get space(): string {
    return this.#settings.space;
  }

  #connection(): Connection {
    const { dial, url, binding } = this.#settings;
    return new Connection({ dial, url, binding });
  }

  async #createGroup(service: string): Promise<void> {
    try {
      await this.#commands.ask(['XGROUP', 'CREATE', this.#stream(service), service, '$', 'MKSTREAM']);
    } catch (error) {
      if (!(error instanceof RedisError && error.message.startsWith('BUSYGROUP'))) throw error;
    }
  }

  #stream(service: string): string {
    return commandsOf(this.#settings.prefix, service);
  }

  #consumer(service: string): string {
    return `${service}:${this.#settings.id}`;
  }

  async #read(service: string, reader: Connection): Promise<void> {
    const { blockMs } = this.#settings.timers;
    const group = ['GROUP', service, this.#consumer(service)];
    const command = ['XREADGROUP', ...group, 'COUNT', String(BATCH), 'BLOCK', String(blockMs), 'STREAMS', this.#stream(service), '>'];
    while (this.#state === 'serving') {
      await this.#guarded(service, async () => {
        for (const entry of entriesOf(await reader.ask(command))) {
          // What was fetched and not begun stays pending once it stops.
          if (this.#state !== 'serving') return;
          await this.#handle(service, entry);
        }
      });
    }
  }

  async #claim(service: string): Promise<void> {
    const { timers } = this.#settings;
    const idle = String(timers.claimIdleMs);
    const command = ['XAUTOCLAIM', this.#stream(service), service, this.#consumer(service), idle, '0-0', 'COUNT', String(CLAIMS)];
    for (;;) {
      await this.#pause(claimEveryMs(timers));
      if (this.#state !== 'serving') return;
      await this.#guarded(service, async () => {
        for (const entry of entriesOf(await this.#commands.ask(command))) {
          if (this.#state !== 'serving') return;
          await this.#handle(service, entry);
        }
      });
    }
  }

  /** Goes on after an error, once a moment has passed; a group that is gone is made again (CLAMATOR-GROUP-07). */
  async #guarded(service: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (this.#state !== 'serving') return;
      await this.#pause(this.#settings.timers.retryMs);
      if (error instanceof RedisError && error.message.startsWith('NOGROUP')) await this.#createGroup(service).catch(unlessUnanswered);
    }
  }

  async #handle(service: string, entry: Entry): Promise<void> {
    const handling = this.#serve(service, entry);
    this.#running.add(handling);
    try {
      await handling;
    } finally {
      this.#running.delete(handling);
    }
  }

  /** Handler, reply, acknowledgement, in this order (CLAMATOR-REPLY-05). */
  async #serve(service: string, entry: Entry): Promise<void> {
    const task = taskOf(entry, service, this.#context.services);
    if (task.type === 'run' && this.#context.manual.has(task.name)) {
      this.#saw(task.name, this.#context.nextRun(), 'started', task.params);
      if (task.id !== undefined) this.#context.held(task.id, entry);
      await this.#acknowledge(service, entry);
      return;
    }
    const text = await this.#textOf(task);
    if (this.#state === 'stopped') return;
    if (text !== undefined && entry.replyTo !== undefined) await this.#reply(entry.replyTo, text);
    await this.#acknowledge(service, entry);
  }

  async #textOf(task: Task): Promise<string | undefined> {
    switch (task.type) {
      case 'skip':
        return undefined;
      case 'refuse':
        return replyText(task.id, { ok: false, error: task.error });
      case 'run': {
        const run = this.#context.nextRun();
        this.#saw(task.name, run, 'started', task.params);
        const outcome = await outcomeOf(task, this.#surroundings()).catch((error: unknown) => {
          if (error instanceof Gone) return undefined;
          throw error;
        });
        if (outcome === undefined) return undefined;
        this.#saw(task.name, run, 'finished');
        return task.id === undefined ? undefined : replyText(task.id, outcome);
      }
    }
  }

  /** Writes a reply; one that Redis refuses holds nobody up (CLAMATOR-FAULT-04). */
  async #reply(stream: string, text: string): Promise<void> {
    const { replyMaxlen } = this.#settings.timers;
    try {
      await this.#commands.ask(['XADD', stream, 'MAXLEN', '~', String(replyMaxlen), '*', 'type', 'rpc', 'envelope', text]);
    } catch (error) {
      if (!(error instanceof RedisError)) throw error;
    }
  }

  async #acknowledge(service: string, { id }: Entry): Promise<void> {
    if (id !== undefined) await this.#commands.ask(['XACK', this.#stream(service), service, id]);
  }

  #saw(procedure: string, run: string, event: 'started' | 'finished', value?: unknown): void {
    this.#context.events.handler({ instance: this.#settings.instance, procedure, run, event, ...(value === undefined ? {} : { value }) });
  }

  #surroundings(): Surroundings {
    return {
      memory: this.#memory,
      wait: (ms) =>
        new Promise((resolve, reject) => {
          const stop = this.#context.environment.after(ms * this.#settings.timeScale, () => {
            this.#ends.delete(end);
            resolve();
          });
          const end = (): void => {
            stop();
            this.#ends.delete(end);
            reject(new Gone());
          };
          this.#ends.add(end);
        }),
    };
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#context.environment.after(ms, resolve));
  }
}

function entriesOf(reply: RespValue): readonly Entry[] {
  return answerOf(reply).entries ?? [];
}
