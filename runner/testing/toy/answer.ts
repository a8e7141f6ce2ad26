import type { PeerEvents } from '../../../protocols/common/control.ts';
import { isPlainObject } from '../../../protocols/common/value.ts';
import type { ToyMessage } from './message.ts';

type Handler = Parameters<PeerEvents['handler']>[0];

/** What an answer needs of its party. */
export interface Surroundings {
  /** The case answers by hand. */
  readonly isManual: boolean;
  send(message: ToyMessage): void;
  saw(event: Handler['event'], more?: Pick<Handler, 'value' | 'metadata'>): void;
}

/** What a party answers to one call, as the toy services have it: `add`, `fail`, `ticks`, `echo`; others are listened to in silence. */
export class Answer {
  readonly #call: Extract<ToyMessage, { t: 'call' }>;
  readonly #around: Surroundings;
  #left: number;
  #sent = 0;
  #isOver = false;

  constructor(call: Extract<ToyMessage, { t: 'call' }>, around: Surroundings) {
    this.#call = call;
    this.#around = around;
    this.#left = call.n ?? Number.POSITIVE_INFINITY;
  }

  /** The call came. */
  begin(): void {
    const { id, v, m } = this.#call;
    this.#around.saw('started', { ...(v === undefined ? {} : { value: v }), ...(m === undefined ? {} : { metadata: m }) });
    if (this.#around.isManual) return;
    switch (this.#call.name) {
      case 'add':
        this.#around.send({ t: 'value', id, v: isPlainObject(v) ? Number(v['a']) + Number(v['b']) : 0, ...(m === undefined ? {} : { m }) });
        this.#end();
        break;
      case 'fail':
        this.#around.send({ t: 'fail', id, code: 7, message: 'as asked', m: { why: 'asked' } });
        this.#isOver = true;
        break;
      case 'ticks':
        this.#around.send({ t: 'begin', id, m: { of: String(v) } });
        this.#tick();
        break;
      default:
    }
  }

  /** Something more came from the caller. */
  take(message: ToyMessage): void {
    const beside = 'm' in message && message.m !== undefined ? { metadata: message.m } : {};
    switch (message.t) {
      case 'value':
        this.#around.saw('request', { value: message.v, ...beside });
        if (this.#call.name === 'echo' && !this.#around.isManual) {
          this.#around.send({ t: 'value', id: message.id, v: message.v, ...(message.m === undefined ? {} : { m: message.m }) });
        }
        break;
      case 'more':
        this.#left += message.n;
        this.#around.saw('credit', { value: message.n });
        if (this.#call.name === 'ticks') this.#tick();
        break;
      case 'done':
        this.#around.saw('requests-closed', beside);
        if (!this.#around.isManual) this.#end();
        break;
      case 'fail':
        this.#around.saw('requests-failed', { value: message.code, ...beside });
        break;
      case 'cancel':
        this.#isOver = true;
        this.#around.saw('cancelled');
        break;
      default:
    }
  }

  #tick(): void {
    const wanted = Number(this.#call.v);
    for (; this.#left > 0 && this.#sent < wanted; this.#left -= 1) {
      this.#sent += 1;
      this.#around.send({ t: 'value', id: this.#call.id, v: this.#sent });
    }
    if (this.#sent >= wanted) this.#end();
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#around.send({ t: 'done', id: this.#call.id, m: { sent: String(this.#sent) } });
    this.#around.saw('finished');
  }
}
