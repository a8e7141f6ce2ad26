import { joinedValue } from '../../protocols/carriers/http/head.ts';
import { acceptFields, type FieldChanges, type UpgradeRequest, upgradeHead } from '../../protocols/carriers/websocket/heads.ts';
import type { CancelTimer, Link, LinkEvents } from '../../protocols/common/environment.ts';
import { type MessageFrame, messageOf } from '../../protocols/common/frame.ts';
import { MOST_CALLS } from '../../protocols/common/limits.ts';
import { Recent } from '../../protocols/common/recent.ts';
import { streamsUp } from '../../protocols/swill/calls.ts';
import { readFrame, seqOfBroken } from '../../protocols/swill/decode.ts';
import { responseBytes } from '../../protocols/swill/encode.ts';
import { CODES, type RequestFrame, type Seq, SUBPROTOCOL } from '../../protocols/swill/frame.ts';
import type { ScriptedUpgrade } from '../../protocols/swill/script.ts';
import { admit, REASONS } from './admission.ts';
import type { ConnectionFacts } from './handler.ts';
import { INTROSPECT, introspection } from './introspection.ts';
import { Request } from './request.ts';
import type { ServerSettings } from './settings.ts';

/** For so long frames of a streaming request that is final are dropped: its client may not have heard yet (P12), nominal ms. */
const LATE_MS = 1000;

/** How long an orderly end may stay unanswered before the connection is dropped, nominal ms. */
const CLOSE_PATIENCE_MS = 500;

/** A text message is no frame (P5). */
const UNSUPPORTED_DATA = 1003;

/** What a connection needs of its server. */
export interface ConnectionParts {
  readonly settings: ServerSettings;
  readonly number: number;
  /** How a script answers its upgrade; 'normal' where there is none. */
  upgrade(): ScriptedUpgrade;
  gone(): void;
}

/** One accepted connection: its upgrade, then its requests, which belong to no other (SWILL-CONN-09). */
export class Connection {
  readonly link: Link;
  readonly number: number;
  readonly #parts: ConnectionParts;
  readonly #requests = new Map<Seq, Request>();
  /** Seqs of streaming requests that are final, for a while: what comes for them comes late. */
  readonly #late = new Map<Seq, { readonly rpc: string; readonly forget: CancelTimer }>();
  #facts: ConnectionFacts | undefined;
  #state: 'asking' | 'accepted' | 'closing' | 'over' = 'asking';
  #cancelAbort: CancelTimer | undefined;

  constructor(link: Link, parts: ConnectionParts) {
    this.link = link;
    this.number = parts.number;
    this.#parts = parts;
  }

  readonly events: LinkEvents = {
    opened: () => {},
    head: (head) => this.#asked(head),
    message: (frame) => {
      if (this.#state === 'accepted') this.#take(frame);
    },
    upkeep: () => {},
    closed: () => this.#ended(),
  };

  get isOpen(): boolean {
    return this.#state === 'accepted';
  }

  /** Whether a request with that seq has come. */
  knows(seq: Seq): boolean {
    return this.#seen.has(seq);
  }

  /** Those that have come; scripts ask for them. */
  readonly #seen = new Recent<Seq>();

  /** The close signal: a code below 1000 is sent as 1000 (SWILL-CONN-13). */
  close(code: number, reason: string): void {
    if (this.#state !== 'accepted') return;
    this.#state = 'closing';
    this.#cancelRequests();
    const { environment, options } = this.#parts.settings;
    this.#cancelAbort = environment.after(CLOSE_PATIENCE_MS * options.timeScale, () => this.link.abort());
    this.link.close(code < 1000 ? 1000 : code, reason);
  }

  #asked(head: Uint8Array): void {
    if (this.#state !== 'asking') return;
    const scripted = this.#parts.upgrade();
    if (scripted === 'silent') return;
    if (scripted === 'close') {
      this.link.abort();
      return;
    }
    const { hooks, options } = this.#parts.settings;
    const admission = admit(head, options.path);
    if (!admission.ok) {
      this.#refuse(admission.status);
      return;
    }
    if (scripted !== 'normal') {
      this.#answer(scripted.status ?? 101, admission.key, scripted.headers ?? {}, admission.request);
      return;
    }
    const added: Record<string, string> = {};
    hooks.run(
      'before_connection',
      {},
      (decision) => {
        if (this.#state !== 'asking') return;
        if (decision !== undefined) {
          const status = decision.kind === 'refuse' ? decision.status : decision.code;
          this.#refuse(status >= 400 && status < 1000 ? status : 403);
          return;
        }
        hooks.run('before_accept', {}, () => this.#answer(101, admission.key, added, admission.request));
      },
      (name, value) => {
        added[name] = value;
      },
    );
  }

  #answer(status: number, key: string, changes: FieldChanges, request: UpgradeRequest): void {
    if (this.#state !== 'asking') return;
    const first = `HTTP/1.1 ${status} ${REASONS[status] ?? 'Other'}`;
    this.link.head?.(upgradeHead(first, acceptFields(key, SUBPROTOCOL), changes));
    if (status !== 101) {
      this.link.abort();
      return;
    }
    this.#state = 'accepted';
    this.#facts = { id: idOf(this.#parts), header: (name) => joinedValue(request.fields, name) };
    this.#parts.settings.hooks.run('after_accept', {}, (decision) => {
      if (decision !== undefined)
        this.close(decision.kind === 'refuse' ? decision.status : decision.code, decision.kind === 'close' ? decision.reason : '');
    });
  }

  /** Says no in HTTP, and ends the connection (P4). */
  #refuse(status: number): void {
    const fields = [
      { name: 'Content-Length', value: '0' },
      { name: 'Connection', value: 'close' },
      ...(status === 426 ? [{ name: 'Sec-WebSocket-Version', value: '13' }] : []),
    ];
    this.link.head?.(upgradeHead(`HTTP/1.1 ${status} ${REASONS[status] ?? 'Refused'}`, fields));
    this.#state = 'over';
    this.link.abort();
  }

  #take(frame: MessageFrame): void {
    if (frame.text) {
      this.close(UNSUPPORTED_DATA, 'frames are binary messages');
      return;
    }
    const read = readFrame(frame, 'client');
    if (read.ok) {
      if (read.message.from === 'client') this.#frame(read.message);
      return;
    }
    const seq = seqOfBroken(frame.data);
    if (seq === undefined) return;
    const open = this.#requests.get(seq);
    const error = { code: CODES.badRequest, message: `The message is no frame: ${read.error}` };
    if (open === undefined) this.#error(seq, error);
    else open.fail(error);
  }

  #frame(frame: RequestFrame): void {
    const { seq, type, rpc } = frame;
    this.#seen.add(seq);
    const open = this.#requests.get(seq);
    if (open !== undefined) {
      open.take(frame);
      return;
    }
    if (this.#late.get(seq)?.rpc === rpc) return;
    // SWILL-REQ-05, SWILL-CLOSE-07: there is nothing to end.
    if (type === 'END_OF_STREAM' || type === 'CLOSE') return;
    if (seq === 0) {
      this.#error(seq, { code: CODES.badRequest, message: 'The seq 0 is reserved' });
      return;
    }
    if (this.#requests.size >= MOST_CALLS) {
      this.#error(seq, { code: CODES.internal, message: 'More requests are open than this server takes' });
      return;
    }
    const { settings } = this.#parts;
    const procedure =
      rpc === INTROSPECT && settings.options.introspection ? introspection(settings.procedures) : settings.procedures.get(rpc);
    if (procedure === undefined) {
      this.#error(seq, { code: CODES.notFound, message: 'No func was found to process this request' });
      return;
    }
    this.#open(frame, procedure);
  }

  #open(frame: RequestFrame, procedure: Request['procedure']): void {
    const { settings } = this.#parts;
    const { seq, rpc } = frame;
    const parts = {
      settings,
      connection: this.#facts ?? { id: '', header: () => undefined },
      write: (bytes: Uint8Array) => this.link.send(messageOf(bytes)),
      close: (code: number, reason: string) => this.close(code, reason),
      over: () => {
        this.#requests.delete(seq);
        if (!streamsUp(procedure.kind) || this.#state !== 'accepted') return;
        const forget = settings.environment.after(LATE_MS * settings.options.timeScale, () => this.#late.delete(seq));
        this.#late.set(seq, { rpc, forget });
      },
    };
    const request = new Request(frame, procedure, parts);
    if (!request.isOver) this.#requests.set(seq, request);
  }

  #error(seq: Seq, data: { readonly code: number; readonly message: string }): void {
    this.link.send(messageOf(responseBytes({ seq, type: 'ERROR', data })));
  }

  #cancelRequests(): void {
    for (const request of [...this.#requests.values()]) request.cancel('disconnected');
    for (const { forget } of this.#late.values()) forget();
    this.#late.clear();
  }

  #ended(): void {
    const accepted = this.#state === 'accepted' || this.#state === 'closing';
    this.#state = 'over';
    this.#cancelAbort?.();
    // SWILL-HOOK-13: the requests are over first.
    this.#cancelRequests();
    if (accepted) this.#parts.settings.hooks.run('after_connection', {}, () => {});
    this.#parts.gone();
  }
}

/** 32 hex digits, as the implementation has them. */
function idOf({ settings: { environment } }: ConnectionParts): string {
  return Array.from({ length: 32 }, () => Math.floor(environment.random() * 16).toString(16)).join('');
}
