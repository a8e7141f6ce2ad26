import type { Draw } from './scenario.ts';
import { drawInto, fillPattern, fillValue, UNKNOWN } from './template.ts';
import type { ProcedureWords, Reaction, Words } from './words.ts';

/** The next thing a call must read. */
export type Expected = { readonly ok: unknown; readonly metadata?: unknown } | { readonly error: string | number };

/**
 * How a call stands: `open`; `over`, when what is unread was read it ends; `lost`, it ends with anything or nothing unread;
 * `done`, its end was read.
 */
export type CallState = 'open' | 'over' | 'lost' | 'done';

/** A call as the application must find it, whatever the network does. */
export interface CallModel {
  readonly name: string;
  readonly client: string;
  readonly procedure: ProcedureWords;
  readonly init: unknown;
  readonly metadata: unknown;
  readonly own: Record<string, unknown>;
  readonly unread: Expected[];
  state: CallState;
  requestsOpen: boolean;
  /** How many values more the caller takes; undefined: any number. */
  credit: number | undefined;
  /** Whether the handler still runs. */
  handled: boolean;
  /** What its handler sees of its beginning, while nothing of the call need have been sent. */
  unbegun?: Omit<Heard, 'call'> | undefined;
}

/** What a handler must have seen in the end. */
export interface Heard {
  readonly call: CallModel;
  readonly event: 'started' | 'request' | 'requests-closed' | 'cancelled';
  readonly value?: unknown;
  readonly metadata?: unknown;
}

/** What both applications must see: exactly once and in order, for each call. */
export class Model {
  readonly calls: CallModel[] = [];
  heard: Heard[] = [];
  readonly #words: Words;
  readonly #stores: Record<string, unknown>;
  /** The one client whose calls use the server's stores: only within a session is there an order. */
  #owner: string | undefined;

  constructor(words: Words) {
    this.#words = words;
    this.#stores = { ...words.stores };
  }

  /** Starts a call; the client may be another than the one asked for. */
  invoke(name: string, asked: string, procedure: ProcedureWords, draw: Draw): CallModel {
    if (this.#shares(procedure)) this.#owner ??= asked;
    const client = this.#shares(procedure) ? (this.#owner ?? asked) : asked;
    const call: CallModel = {
      name,
      client,
      procedure,
      init: drawInto(procedure.init, draw),
      metadata: drawInto(procedure.metadata, draw),
      own: { ...procedure.own },
      unread: [],
      state: 'open',
      requestsOpen: procedure.requests.length > 0 || procedure['on-finish'] !== undefined,
      credit: procedure.credit ? draw.count + 1 : undefined,
      handled: procedure.heard,
    };
    this.calls.push(call);
    const metadata = procedure['heard-metadata'] ?? (call.metadata === undefined ? undefined : { $exactly: call.metadata });
    const started = { event: 'started', ...(metadata === undefined ? {} : { metadata }) } as const;
    if (procedure.deferred) call.unbegun = started;
    else this.#hear(call, started);
    this.#react(call, procedure['on-init'], {});
    if (!procedure.told) call.state = 'done';
    return call;
  }

  /** Sends one of the procedure's requests; gives it. */
  send(call: CallModel, choice: number, draw: Draw): unknown {
    const { requests } = call.procedure;
    const chosen = requests[choice % requests.length];
    if (chosen === undefined) throw new Error(`fuzz.yaml: ${call.procedure.procedure} takes no requests`);
    const request = drawInto(chosen.request, draw);
    this.#begin(call);
    this.#hear(call, { event: 'request', value: { $exactly: request } });
    this.#react(call, chosen.answer, { request });
    return request;
  }

  finish(call: CallModel): void {
    if (!call.requestsOpen) return;
    call.requestsOpen = false;
    if (call.state !== 'open') return;
    this.#begin(call);
    this.#hear(call, { event: 'requests-closed' });
    this.#react(call, call.procedure['on-finish'], {});
  }

  /** Abandons a call. What is under way may still arrive or not. */
  cancel(call: CallModel): void {
    call.requestsOpen = false;
    if (call.state === 'done' || call.state === 'lost') return;
    if (this.#words.unsent) {
      this.heard = this.heard.filter((each) => each.call !== call);
      call.handled = false;
    }
    if (call.state === 'over' || call.unread.length > 0) {
      call.state = 'lost';
    } else {
      this.#hear(call, { event: 'cancelled' });
      const { cancelled } = this.#words;
      if (typeof cancelled === 'string') call.unread.push({ error: cancelled });
      call.state = cancelled === null ? 'lost' : 'over';
    }
    call.handled = false;
  }

  /** Whether abandoning the call, or losing it, would leave open what the server remembers. */
  mayChangeStores(call: CallModel): boolean {
    return call.state !== 'done' && call.unread.length > 0 && this.#writes(call.procedure);
  }

  /** The sessions of these clients end: whatever is under way may arrive or not. */
  lose(lost: (client: string) => boolean): void {
    for (const call of this.calls) {
      if (!lost(call.client)) continue;
      if (this.mayChangeStores(call) || this.#isUntold(call)) for (const name of Object.keys(this.#stores)) this.#stores[name] = UNKNOWN;
      if (call.state === 'open' || call.state === 'over') call.state = 'lost';
      call.requestsOpen = false;
      call.handled = false;
    }
    this.heard = this.heard.filter(({ call }) => !lost(call.client));
    if (this.#owner !== undefined && lost(this.#owner)) this.#owner = undefined;
  }

  /** Whether nobody is told that the server heard the call, and it changes what the server remembers. */
  #isUntold({ procedure }: CallModel): boolean {
    return !procedure.told && this.#writes(procedure);
  }

  #begin(call: CallModel): void {
    const started = call.unbegun;
    call.unbegun = undefined;
    if (started !== undefined) this.#hear(call, started);
  }

  #hear(call: CallModel, heard: Omit<Heard, 'call'>): void {
    if (call.handled) this.heard.push({ call, ...heard });
  }

  #shares(procedure: ProcedureWords): boolean {
    return JSON.stringify(procedure).includes('"of":') || this.#writes(procedure) || this.#reads(procedure);
  }

  #writes({ requests, ...procedure }: ProcedureWords): boolean {
    const reactions = [procedure['on-init'], procedure['on-finish'], ...requests.map(({ answer }) => answer)];
    return reactions.some((reaction) => Object.keys(reaction?.add ?? {}).some((name) => Object.hasOwn(this.#stores, name)));
  }

  #reads(procedure: ProcedureWords): boolean {
    const text = JSON.stringify(procedure);
    return Object.keys(this.#stores).some((name) => text.includes(`\${${name}}`));
  }

  #react(call: CallModel, reaction: Reaction | undefined, given: { readonly request?: unknown }): void {
    if (reaction === undefined || call.state !== 'open') return;
    for (const [name, template] of Object.entries(reaction.add)) {
      const own = Object.hasOwn(call.own, name);
      const stores = own ? call.own : this.#stores;
      stores[name] = added(stores[name], fillValue(template, this.#scope(call, given)));
      if (!own) this.#tell(name);
    }
    const metadata = reaction.metadata === undefined ? {} : { metadata: fillPattern(reaction.metadata, this.#scope(call, given)) };
    for (const template of reaction.say) call.unread.push({ ok: fillPattern(template, this.#scope(call, given)), ...metadata });
    for (const item of itemsOf(call, reaction.each)) call.unread.push({ ok: { $exactly: item } });
    if (reaction.error !== undefined) call.unread.push({ error: reaction.error });
    if (reaction.end) {
      call.state = 'over';
      call.handled = false;
    }
  }

  #tell(store: string): void {
    for (const call of this.calls) {
      const change = call.procedure['on-change'];
      if (call.state !== 'open' || change?.of !== store) continue;
      for (const template of change.say) call.unread.push({ ok: fillPattern(template, this.#scope(call, {})) });
    }
  }

  #scope(call: CallModel, given: { readonly request?: unknown }): Record<string, unknown> {
    return { ...this.#stores, ...call.own, init: call.init, metadata: call.metadata, ...given };
  }
}

function itemsOf(call: CallModel, name: string | undefined): readonly unknown[] {
  const store = name === undefined ? [] : call.own[name];
  if (!Array.isArray(store)) throw new Error(`fuzz.yaml: ${name} is no list of ${call.procedure.procedure}`);
  return store;
}

function added(store: unknown, value: unknown): unknown {
  if (store === UNKNOWN || value === UNKNOWN) return UNKNOWN;
  if (Array.isArray(store)) return [...store, value];
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  if (typeof store === 'number' && typeof number === 'number') return store + number;
  throw new Error('fuzz.yaml: `add` takes a number for a number, in writing too, and any value for a list');
}
