import type { Calling, InvokeParams, PeerEvents } from '../../../protocols/common/control.ts';
import type { Link, LinkEvents } from '../../../protocols/common/environment.ts';
import { messageOf } from '../../../protocols/common/frame.ts';
import type { MatchContext } from '../../../protocols/common/protocol.ts';
import { fromTagged, isPlainObject } from '../../../protocols/common/value.ts';
import { Answer } from './answer.ts';
import { readToy, type ToyMessage, writeToy } from './message.ts';

/** Who dialled a connection gives its calls odd ids, who accepted it even ones. */
export type FirstId = 1 | 2;

/** One connection of a party: its calls, and the answers it gives. */
class Connection {
  readonly calls = new Map<number, { readonly call: string; readonly ends: boolean }>();
  readonly answers = new Map<number, Answer>();
  readonly waiting: ToyMessage[] = [];
  link: Link | undefined;
  isOpen = false;
  isOver = false;
  nextId: number;

  constructor(firstId: FirstId) {
    this.nextId = firstId;
  }

  send(message: ToyMessage): void {
    if (this.isOpen) this.link?.send(messageOf(writeToy(message)));
    else if (!this.isOver) this.waiting.push(message);
  }
}

/** A client or a server of the toy protocol: once there is a connection they differ in nothing but their ids. */
export class Party {
  readonly #instance: string;
  #dials = false;
  readonly #events: PeerEvents;
  readonly #connections: Connection[] = [];
  readonly #calls = new Map<string, { readonly connection: Connection; readonly id: number }>();
  readonly #runs = new Map<string, number>();
  readonly #manual = new Set<string>();
  readonly #seen = new Set<string>();
  /** Told when a further connection is there. */
  readonly #expecting: (() => void)[] = [];
  received = 0;

  constructor(instance: string, events: PeerEvents) {
    this.#instance = instance;
    this.#events = events;
  }

  /** Takes a connection; `linked` is told its link as soon as it is there. */
  connect(firstId: FirstId): { readonly events: LinkEvents; linked(link: Link): void } {
    this.#dials = firstId === 1;
    const connection = new Connection(firstId);
    this.#connections.push(connection);
    for (const come of this.#expecting.splice(0)) come();
    return {
      linked: (link) => {
        connection.link = link;
      },
      events: {
        opened: () => {
          connection.isOpen = true;
          this.#events.status({ instance: this.#instance, status: 'connected' });
          for (const message of connection.waiting.splice(0)) connection.send(message);
        },
        message: ({ data }) => {
          this.received += 1;
          const message = readToy(data);
          if (message !== undefined) this.#take(connection, message);
        },
        closed: () => {
          connection.isOpen = false;
          connection.isOver = true;
          for (const { call, ends } of connection.calls.values()) if (ends) this.#fail(call, 'lost', 'the connection is gone');
          connection.calls.clear();
        },
      },
    };
  }

  /** Ends all connections in order. */
  close(): void {
    for (const { link } of this.#connections) link?.close(1000, '');
  }

  /** Starts a call, on a connection that may still be under way. */
  async invoke({ call, to, kind, procedure, value, metadata, credit }: InvokeParams): Promise<void> {
    if (to === undefined && this.#dials && this.#connections.every(({ isOver }) => isOver)) {
      this.#fail(call, 'lost', 'the connection is gone');
      return;
    }
    const connection = await this.#connection(to);
    const id = connection.nextId;
    connection.nextId += 2;
    connection.calls.set(id, { call, ends: kind !== 'note' });
    this.#calls.set(call, { connection, id });
    connection.send({
      t: 'call',
      ...{ id, kind },
      ...(procedure === undefined ? {} : { name: procedure }),
      ...(value === undefined ? {} : { v: fromTagged(value) }),
      ...(metadata === undefined ? {} : { m: fromTagged(metadata) }),
      ...(credit === undefined ? {} : { n: credit }),
    });
  }

  /** What the application does on a call that it made. */
  readonly calling: Required<Omit<Calling, 'invoke'>> = {
    send: async ({ call, value, metadata }) => this.#say(call, (id) => ({ t: 'value', id, v: fromTagged(value), ...beside(metadata) })),
    credit: async ({ call, n }) => this.#say(call, (id) => ({ t: 'more', id, n })),
    finish: async ({ call, metadata, error }) =>
      this.#say(call, (id) =>
        error === undefined
          ? { t: 'done', id, ...beside(metadata) }
          : { t: 'fail', id, code: error.code, message: error.message, ...beside(error.metadata) },
      ),
    cancel: async ({ call }) => {
      this.#say(call, (id) => ({ t: 'cancel', id }));
      const known = this.#calls.get(call);
      const made = known?.connection.calls.get(known.id);
      // Nothing comes any more of a call that was abandoned.
      known?.connection.calls.delete(known.id);
      if (made?.ends) this.#events.end({ call });
    },
  };

  /** Commands of `peer:` steps. */
  script(command: unknown, { streamOf }: MatchContext): void {
    if (!isPlainObject(command)) return;
    if (Array.isArray(command['manual'])) for (const name of command['manual']) this.#manual.add(String(name));
    const { say } = command;
    if (!isPlainObject(say)) return;
    const [connection = '0', id = '0'] = (streamOf(String(say['stream'])) ?? '').split(':');
    // What a case has it say may be anything.
    this.#connections[Number(connection)]?.send({ ...(say['message'] as object), id: Number(id) } as ToyMessage);
  }

  hasSeen(reference: string): boolean {
    return this.#seen.has(reference);
  }

  async #connection(to: number | undefined): Promise<Connection> {
    for (;;) {
      const found = to === undefined ? this.#connections.findLast(({ isOver }) => !isOver) : this.#connections[to];
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#expecting.push(resolve));
    }
  }

  #say(call: string, made: (id: number) => ToyMessage): void {
    const known = this.#calls.get(call);
    known?.connection.send(made(known.id));
  }

  #fail(call: string, code: string | number, message: string, metadata?: unknown): void {
    this.#events.message({ call, result: { ok: false, error: { code, message, ...(metadata === undefined ? {} : { metadata }) } } });
    this.#events.end({ call });
  }

  #take(connection: Connection, message: ToyMessage): void {
    const answer = connection.answers.get(message.id);
    const made = connection.calls.get(message.id);
    if (message.t === 'call') this.#answer(connection, message);
    else if (answer !== undefined) answer.take(message);
    else if (made !== undefined) this.#read(connection, made.call, message);
  }

  #answer(connection: Connection, message: Extract<ToyMessage, { t: 'call' }>): void {
    this.#seen.add(`${this.#connections.indexOf(connection)}:${message.id}`);
    const { name } = message;
    const run = (this.#runs.get(name ?? '') ?? 0) + 1;
    this.#runs.set(name ?? '', run);
    const answer = new Answer(message, {
      isManual: name !== undefined && this.#manual.has(name),
      send: (said) => connection.send(said),
      saw: (event, more) =>
        this.#events.handler({
          instance: this.#instance,
          ...(name === undefined ? {} : { procedure: name }),
          run: String(run),
          event,
          ...more,
        }),
    });
    connection.answers.set(message.id, answer);
    answer.begin();
  }

  #read(connection: Connection, call: string, message: ToyMessage): void {
    switch (message.t) {
      case 'begin':
        this.#events.start({ call, ...(message.m === undefined ? {} : { metadata: message.m }) });
        break;
      case 'value':
        this.#events.message({ call, result: { ok: true, value: message.v, ...(message.m === undefined ? {} : { metadata: message.m }) } });
        break;
      case 'done':
        connection.calls.delete(message.id);
        this.#events.end({ call, ...(message.m === undefined ? {} : { metadata: message.m }) });
        break;
      case 'fail':
        connection.calls.delete(message.id);
        this.#fail(call, message.code, message.message, message.m);
        break;
      default:
    }
  }
}

function beside(metadata: unknown): { m?: unknown } {
  return metadata === undefined ? {} : { m: fromTagged(metadata) };
}
