import { Fifo } from '../../common/fifo.ts';
import type { Command } from './decode.ts';
import { isError, type RespValue, textOf } from './value.ts';

/** Which command a reply answers. */
export interface Answer<C> {
  /** What was kept of the command; undefined for what nobody asked for: a push, a message of a channel, a line of MONITOR. */
  readonly to: C | undefined;
  /** Whether nothing further answers that command. */
  readonly last: boolean;
  /** It was queued: what comes of it the reply to an EXEC says. */
  readonly queued?: true;
  /** Of an EXEC: the commands that it carried out, in order, with their replies; absent where it carried out none. */
  readonly executed?: readonly Executed<C>[];
}

/** A command of a transaction that was carried out. */
export interface Executed<C> {
  readonly to: C;
  readonly reply: RespValue;
}

/** A command without all of its replies. */
interface Waiting<C> {
  readonly name: string;
  readonly as: C;
  /** Replies that are still to come; undefined until the first one tells. */
  left: number | undefined;
}

const UNASKED = { to: undefined, last: false } as const;
const SUBSCRIBING = /^[PS]?SUBSCRIBE$/;
const UNSUBSCRIBING = /^[PS]?UNSUBSCRIBE$/;
const MESSAGES: ReadonlySet<string | undefined> = new Set(['message', 'pmessage', 'smessage']);
/** A line of MONITOR begins with a time. */
const MONITORED = /^\d+\.\d+ \[/;

/**
 * Finds for each reply of a connection the command that it answers: they come in the order of the commands, one each, but for pushes,
 * for commands about subscriptions (a reply for each channel, which RESP3 pushes), and where the dialler wants none (CLIENT REPLY). Those
 * of a transaction have theirs in that to its EXEC. `C`
 * is whatever is kept of a command. Turns on nothing but what it is told, in the order in which Redis took and wrote it.
 */
export class Pairing<C> {
  readonly #waiting = new Fifo<Waiting<C>>();
  #protocol: 2 | 3 = 2;
  #replies: 'on' | 'off' | 'skip' = 'on';
  #monitors = false;
  /** What was queued since MULTI. */
  #transaction: Waiting<C>[] | undefined;
  /** Names of channels, by the command that subscribed to them. */
  readonly #channels: Record<string, Set<string>> = { SUBSCRIBE: new Set(), PSUBSCRIBE: new Set(), SSUBSCRIBE: new Set() };

  /** What the latest HELLO agreed on. */
  get protocol(): 2 | 3 {
    return this.#protocol;
  }

  /** Commands that lack a reply, the oldest first. */
  get unanswered(): readonly C[] {
    return [...this.#waiting].map(({ as }) => as);
  }

  /** Takes a command. Tells whether anything is to answer it. */
  asked({ args }: Command, as: C): boolean {
    const [first] = args;
    if (first === undefined) return false;
    const name = word(first);
    let isSilent = this.#replies !== 'on';
    if (this.#replies === 'skip') this.#replies = 'on';
    if (name === 'CLIENT' && args.length === 3 && word(args[1]) === 'REPLY') {
      const mode = word(args[2]);
      if (mode === 'ON') this.#replies = 'on';
      if (mode === 'OFF') this.#replies = 'off';
      if (mode === 'SKIP' && this.#replies !== 'off') this.#replies = 'skip';
      isSilent = mode === 'OFF' || mode === 'SKIP' || (mode !== 'ON' && isSilent);
    }
    if (isSilent) return false;
    this.#waiting.push({ name, as, left: repliesTo(name, args.length - 1) });
    return true;
  }

  /** Takes a reply or a push. */
  answered(reply: RespValue): Answer<C> {
    const value = reply.type === 'attributed' ? reply.value : reply;
    const first = value.type === 'push' || value.type === 'array' ? value.items[0] : undefined;
    const said = first === undefined ? undefined : textOf(first);
    const waiting = this.#waiting.first;
    if (waiting !== undefined && said?.toUpperCase() === waiting.name && isOfChannels(waiting.name)) return this.#confirm(waiting, value);
    if (value.type === 'push' || (MESSAGES.has(said) && this.#protocol === 2 && this.#subscriptions > 0)) return UNASKED;
    if (this.#monitors && value.type === 'simple' && MONITORED.test(textOf(value) ?? '')) return UNASKED;
    if (waiting === undefined) return UNASKED;
    const within = this.#within(waiting, value);
    this.#notice(waiting.name, value);
    return { ...this.#shift(waiting), ...within };
  }

  /** What a reply says of the transaction that it is part of. */
  #within(waiting: Waiting<C>, value: RespValue): Pick<Answer<C>, 'queued' | 'executed'> | undefined {
    const transaction = this.#transaction;
    if (waiting.name === 'MULTI' && value.type === 'simple') this.#transaction ??= [];
    if (transaction === undefined) return undefined;
    if (value.type === 'simple' && textOf(value) === 'QUEUED') {
      transaction.push(waiting);
      return { queued: true };
    }
    if (waiting.name === 'DISCARD' || waiting.name === 'RESET') this.#transaction = isError(value) ? transaction : undefined;
    if (waiting.name !== 'EXEC') return undefined;
    this.#transaction = undefined;
    if (value.type !== 'array') return undefined;
    return {
      executed: transaction.flatMap(({ name, as }, i) => {
        const reply = value.items[i];
        if (reply === undefined) return [];
        this.#notice(name, reply);
        return [{ to: as, reply }];
      }),
    };
  }

  get #subscriptions(): number {
    return Object.values(this.#channels).reduce((sum, { size }) => sum + size, 0);
  }

  /** A reply that names a channel. */
  #confirm(waiting: Waiting<C>, value: RespValue): Answer<C> {
    const channel = value.type === 'push' || value.type === 'array' ? textOf(value.items[1] ?? { type: 'null', form: 'null' }) : undefined;
    const channels = this.#channels[waiting.name.replace('UNS', 'S')];
    // Without names it leaves all channels there are, or says that there is none.
    const left = (waiting.left ?? Math.max(1, channels?.size ?? 0)) - 1;
    if (channel !== undefined) {
      if (SUBSCRIBING.test(waiting.name)) channels?.add(channel);
      else channels?.delete(channel);
    }
    waiting.left = left;
    return left <= 0 ? this.#shift(waiting) : { to: waiting.as, last: false };
  }

  /** What a reply changes for those that follow. */
  #notice(name: string, value: RespValue): void {
    if (isError(value)) return;
    if (name === 'HELLO') this.#protocol = value.type === 'map' ? 3 : 2;
    if (name === 'MONITOR') this.#monitors = true;
    if (name !== 'RESET') return;
    this.#protocol = 2;
    this.#monitors = false;
    for (const channels of Object.values(this.#channels)) channels.clear();
  }

  #shift(waiting: Waiting<C>): Answer<C> {
    this.#waiting.shift();
    return { to: waiting.as, last: true };
  }
}

function isOfChannels(name: string): boolean {
  return name.endsWith('SUBSCRIBE') && (SUBSCRIBING.test(name) || UNSUBSCRIBING.test(name));
}

function repliesTo(name: string, args: number): number | undefined {
  if (!isOfChannels(name)) return 1;
  if (SUBSCRIBING.test(name)) return args;
  return args === 0 ? undefined : args;
}

const fromUtf8 = new TextDecoder();

function word(bytes: Uint8Array | undefined): string {
  return fromUtf8.decode(bytes).toUpperCase();
}
