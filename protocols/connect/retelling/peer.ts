import { endOf, type Role } from '../../common/frame.ts';
import type { Deed, StepInWords } from '../../common/retelling.ts';
import { BEFORE } from '../../common/retelling.ts';
import type { ClosedEvent, OpenedEvent, SentEvent } from '../../common/trace.ts';
import type { Codec } from '../codec.ts';
import { readContentType } from '../content.ts';
import type { ConnectMessage, Request, Response } from '../message.ts';
import { reference } from '../reference.ts';
import { procedures } from '../schema.ts';
import type { Piece } from '../script.ts';
import type { Exchange } from './exchanges.ts';
import { framingWords, headerWords, pieceWords } from './words.ts';

/** A message that is being put into words: what stands in one step. */
interface Open {
  readonly n: number;
  readonly t: number;
  readonly key: string;
  readonly words: StepInWords;
  readonly pieces: Piece[];
  begins: boolean;
  ends: boolean;
}

/** How long a sender may take from one frame to the next of the same step, ms of the trace. */
const AT_ONCE_MS = 5;

/** Tells the frames of the peer of the end under test: messages whose frames follow at once are a step each. */
export class PeerTeller {
  readonly #peer: Role;
  readonly #codec: Codec;
  readonly #exchanges: ReadonlyMap<string, Exchange>;
  readonly #add: (deed: Deed) => void;
  readonly #heads = new Map<string, Request | Response>();
  #open: Open | undefined;
  #dialled = 0;

  constructor(peer: Role, codec: Codec, exchanges: ReadonlyMap<string, Exchange>, add: (deed: Deed) => void) {
    this.#peer = peer;
    this.#codec = codec;
    this.#exchanges = exchanges;
    this.#add = add;
  }

  opened({ n }: OpenedEvent): void {
    this.flush();
    if (this.#peer === 'client' && this.#dialled > 0) this.#step(n - BEFORE, { dial: true });
    this.#dialled += 1;
  }

  sent({ n, t, connection, from, frame, decoded }: SentEvent<ConnectMessage>): void {
    if (frame.class !== 'data') return;
    const message = decoded?.ok ? decoded.message : undefined;
    const key = reference(connection, message?.exchange ?? frame.part?.exchange ?? 0);
    const exchange = this.#exchanges.get(key);
    const on = this.#peer === 'server' ? { on: connection } : {};
    // What only says that an answer comes is nobody's answer.
    const interim = message?.type === 'response' && message.status < 200;
    if (message === undefined || exchange === undefined || interim || message.type === 'torn' || message.type === 'broken') {
      this.flush();
      this.#step(n, { ...on, raw: { hex: Buffer.from(frame.data).toString('hex') } });
      return;
    }
    if (this.#open?.key !== key || t - this.#open.t > AT_ONCE_MS) this.flush();
    if (message.type === 'request' || message.type === 'response') {
      this.flush();
      this.#heads.set(key, message);
    }
    const open = this.#open ?? { n, t, key, words: this.#wordsOf(exchange, message), pieces: [], begins: false, ends: false };
    this.#open = open;
    if (message.type === 'request' || message.type === 'response') open.begins = true;
    else if (message.type !== 'end') open.pieces.push(pieceWords(message, frame, this.#usual(exchange, endOf(from))));
    if (message.last) {
      open.ends = true;
      this.flush();
    }
  }

  closed({ n, connection, by, how }: ClosedEvent): void {
    this.flush();
    if (by !== this.#peer) return;
    // A connection on which nothing was open may end at any time.
    const open = [...this.#exchanges.values()].some((each) => each.connection === connection && each.n < n && (each.answered ?? n) >= n);
    const on = this.#peer === 'server' ? { on: connection } : {};
    if (open) this.#step(n, how === 'rst' ? { ...on, abort: true } : { ...on, close: true });
  }

  /** Ends the step that has been begun. */
  flush(): void {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined) return;
    const { n, words, pieces, begins, ends } = open;
    const part = begins ? (ends ? undefined : 'begin') : ends ? 'finish' : 'go-on';
    const body = pieces.length === 0 ? {} : { body: pieces };
    const whole = { ...words, ...body, ...(part === undefined ? {} : { part }) };
    this.#step(n, this.#peer === 'server' ? { respond: whole } : { request: whole });
  }

  #wordsOf(exchange: Exchange, message: ConnectMessage): StepInWords {
    const head = this.#heads.get(reference(exchange.connection, exchange.number));
    const framing = head === undefined ? {} : framingWords(head.fields, this.#peer === 'client');
    if (message.type === 'response') {
      const reason = message.reason === '' ? {} : { reason: message.reason };
      return { to: exchange.name, status: message.status, ...reason, headers: headerWords(message.fields, ['Content-Type']), ...framing };
    }
    if (message.type === 'request') {
      const { method, target, procedure, fields } = message;
      const usual = method === 'GET' ? [] : ['Connect-Protocol-Version', 'Content-Type'];
      const where = target === `/${procedure}` ? { procedure } : { target, procedure };
      return { as: exchange.name, ...(method === 'POST' ? {} : { method }), ...where, headers: headerWords(fields, usual), ...framing };
    }
    return this.#peer === 'server' ? { to: exchange.name, ...framing } : framing;
  }

  #usual({ request }: Exchange, from: Role): Parameters<typeof pieceWords>[2] {
    const { procedure } = request;
    const isStream = (procedures.get(procedure)?.kind ?? 'unary') !== 'unary';
    const content = readContentType(request.fields.find(({ name }) => name.toLowerCase() === 'content-type')?.value);
    return { codec: content?.codec ?? this.#codec, isStream, procedure, from, fields: [] };
  }

  #step(n: number, command: StepInWords): void {
    this.#add({ n, by: 'peer', step: { peer: command } });
  }
}
