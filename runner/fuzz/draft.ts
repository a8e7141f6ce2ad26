import type { Role } from '../../protocols/common/frame.ts';
import { type CallModel, type Expected, Model } from './model.ts';
import type { Draw } from './scenario.ts';
import type { ProcedureWords, Words } from './words.ts';

/** What kind of scenario it became. */
export type Mood = 'calm' | 'rough' | 'hostile';

/** For whom a case is drafted. */
export interface DraftSetting {
  readonly underTest: Role;
  /** The features that may be used. */
  readonly has: (feature: string) => boolean;
  /** The kind of call that a procedure is, where the services have it. */
  readonly kindOf: (procedure: string) => string | undefined;
  /** Whether time is sure: else a busy machine may cost a connection. */
  readonly steady: boolean;
}

/** Longest wait, nominal ms: detection of a silent network, several attempts with back-off, and a retransmission fit in. */
export const PATIENT_MS = 20_000;

/** A case as far as it is written: its steps, and what must have come of them. */
export class Draft {
  readonly words: Words;
  readonly setting: DraftSetting;
  readonly model: Model;
  readonly steps: Record<string, unknown>[] = [];
  readonly needs = new Set<string>();
  /** While connections are refused nothing can be read, and no second pause fits. */
  away: 'no' | 'yes' | 'paused' = 'no';
  mood: Mood = 'calm';
  /** Clients that have read something, and so have or had a connection; calls, where each may have one of its own. */
  readonly #answered = new Set<string>();

  constructor(words: Words, setting: DraftSetting) {
    this.words = words;
    this.setting = setting;
    this.model = new Model(words);
  }

  /** Something came between the ends. */
  roughen(): void {
    if (this.mood === 'calm') this.mood = 'rough';
  }

  /** Starts a call, if its features and values may be used. */
  invoke(procedure: ProcedureWords, asked: string, draw: Draw): void {
    if (!this.mayDraw(draw, procedure) || !this.need(procedure.needs)) return;
    const call = this.model.invoke(nameOf(this.model.calls.length), asked, procedure, draw);
    const { name, init, metadata, credit } = call;
    this.steps.push({
      invoke: {
        as: name,
        ...(call.client === 'main' ? {} : { on: call.client }),
        procedure: procedure.procedure,
        ...(procedure.kind === undefined ? {} : { kind: procedure.kind }),
        ...(init === undefined ? {} : { init }),
        ...(metadata === undefined ? {} : { metadata }),
        ...(credit === undefined ? {} : { credit }),
      },
    });
  }

  /** The application reads the next thing it must. */
  receive(call: CallModel): void {
    const expected = call.unread.shift();
    if (expected === undefined) return;
    this.#answered.add(this.#dialler(call));
    if ('ok' in expected && call.credit !== undefined) {
      // Errors come without having been asked for.
      if (call.credit === 0) this.credit(call, 1);
      call.credit -= 1;
    }
    this.steps.push({ receive: { from: call.name, ...wanted(expected), within: PATIENT_MS } });
  }

  /** The application takes so many values more. */
  credit(call: CallModel, n: number): void {
    if (call.credit === undefined) return;
    call.credit += n;
    this.steps.push({ credit: { of: call.name, n } });
  }

  /** The application reads all that it must, where that is known. */
  readAll(call: CallModel): void {
    if (call.state === 'lost') return;
    while (call.unread.length > 0) this.receive(call);
  }

  /** Closes the request side; an application that cannot read afterwards reads first. */
  finish(call: CallModel): void {
    if (call.unread.length > 0 && !this.need(this.words.features['half-close'])) {
      if (this.away !== 'no') return;
      this.readAll(call);
    }
    this.steps.push({ finish: call.name });
    this.model.finish(call);
  }

  /** Abandons a call, if calls of its kind can be. */
  cancel(call: CallModel): void {
    const { cancel } = this.words.features;
    const kind = call.procedure.kind ?? this.setting.kindOf(call.procedure.procedure) ?? '';
    if (!this.need(Array.isArray(cancel) ? cancel : (cancel[kind] ?? []))) return;
    if (call.state === 'over' || call.unread.length > 0 || this.#maybeUnsent(call)) this.roughen();
    this.steps.push({ cancel: call.name });
    this.model.cancel(call);
  }

  /** Whether there may be no connection yet: then it is sent or not, as its client likes. */
  #maybeUnsent(call: CallModel): boolean {
    return this.words.unsent !== false && !this.#answered.has(this.#dialler(call));
  }

  /** Who dials for a call: its client, or the call itself where each may have a connection of its own. */
  #dialler({ client, name }: CallModel): string {
    return this.words.unsent === 'each' ? name : client;
  }

  /** The end of a call that has one. */
  end(call: CallModel): void {
    if (call.state === 'over') this.steps.push({ end: { of: call.name, within: PATIENT_MS } });
    if (call.state === 'lost') this.steps.push({ end: { of: call.name, whatever: true, within: PATIENT_MS } });
    if (call.state === 'over' || call.state === 'lost') call.state = 'done';
  }

  /** Whether these features may be used; the case then needs them. */
  need(features: readonly string[]): boolean {
    if (!features.every(this.setting.has)) return false;
    for (const feature of features) this.needs.add(feature);
    return true;
  }

  /** Whether a procedure may be given these values. */
  mayDraw(draw: Draw, procedure: ProcedureWords): boolean {
    const takes = JSON.stringify(procedure).includes('"$value"') && JSON.stringify(draw.value).includes('"$bigint"');
    return !takes || this.need(this.words.features.bigint);
  }
}

function wanted(expected: Expected): Record<string, unknown> {
  return 'error' in expected ? { error: { code: expected.error } } : expected;
}

/** a, b, … z, call26, … */
function nameOf(index: number): string {
  return index < 26 ? String.fromCharCode(97 + index) : `call${index}`;
}
