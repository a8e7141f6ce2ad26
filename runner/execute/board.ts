import type { PeerEvents } from '../../protocols/common/control.ts';
import type { Role } from '../../protocols/common/frame.ts';
import type { Instance } from '../../protocols/common/instance.ts';
import type { CallFacts } from '../../protocols/common/normalise.ts';
import type { ApplicationHappening, AppResult } from '../../protocols/common/trace.ts';

/** What the application of a call has read so far. */
export interface CallRecord extends CallFacts {
  readonly items: AppResult[];
  /** How many of the items steps have received. */
  received: number;
  /** The answer began apart from its first value. */
  began?: { readonly metadata?: unknown };
  ended: boolean;
  /** What came with the end. */
  ending?: unknown;
}

/** Something that steps can claim once: a status or what a handler saw. */
export interface Claimable<T> {
  readonly value: T;
  claimed: boolean;
}

/** A status of a client or server instance. */
export interface StatusRecord {
  readonly role: Role;
  readonly instance: string;
  readonly status: string;
  readonly detail: string | undefined;
}

/** What a handler saw. */
export interface HandlerRecord extends Instance {
  readonly procedure?: string;
  readonly event: string;
  readonly value: unknown;
  readonly metadata?: unknown;
}

/** Everything both applications said in one run, as steps look it up. */
export interface Board {
  readonly calls: Map<string, CallRecord>;
  readonly statuses: Claimable<StatusRecord>[];
  readonly handlers: Claimable<HandlerRecord>[];
  /** Notifications that fit no call, as `an end for the call …`: an implementation that speaks out of turn. */
  readonly strays: string[];
}

/** An empty board. */
export function newBoard(): Board {
  return { calls: new Map(), statuses: [], handlers: [], strays: [] };
}

/** The calls of a board in order of invocation. */
export function callFacts(board: Board): readonly CallFacts[] {
  return Array.from(
    board.calls.values(),
    ({ items: _, received: _received, began: _began, ended: _ended, ending: _ending, ...facts }) => facts,
  );
}

/** Lets go of what was read, which may be much, once no step asks for it any more; the calls stay known. */
export function forgetItems(board: Board): void {
  for (const { items } of board.calls.values()) items.length = 0;
  board.handlers.length = 0;
}

/**
 * Listens to one end and writes the board. `record` puts each event into the trace, which in turn wakes the steps, so it
 * is called after the board was written.
 */
export function boardEvents(board: Board, role: Role, record: (instance: string, event: ApplicationHappening) => void): PeerEvents {
  const stray = (what: string, call: string): void => {
    board.strays.push(`${what} for the call "${call}", which is not open`);
  };
  /** The call, where this end made it and it is open. */
  const openCall = (call: string): CallRecord | undefined => {
    const entry = board.calls.get(call);
    return entry === undefined || entry.ended || entry.role !== role ? undefined : entry;
  };
  return {
    start: ({ call, metadata }) => {
      const entry = openCall(call);
      if (entry === undefined) return stray('a start', call);
      const beside = metadata === undefined ? {} : { metadata };
      entry.began = beside;
      record(entry.instance, { kind: 'start', call, ...beside });
    },
    message: ({ call, result }) => {
      const entry = openCall(call);
      if (entry === undefined) return stray('a message', call);
      const item: AppResult = result.ok
        ? { ok: true, value: result.value, ...(result.metadata === undefined ? {} : { metadata: result.metadata }) }
        : { ok: false, error: result.error };
      entry.items.push(item);
      record(entry.instance, { kind: 'message', call, result: item });
    },
    end: ({ call, metadata }) => {
      const entry = openCall(call);
      if (entry === undefined) return stray('an end', call);
      entry.ended = true;
      if (metadata !== undefined) entry.ending = metadata;
      record(entry.instance, { kind: 'end', call, ...(metadata === undefined ? {} : { metadata }) });
    },
    status: ({ instance, status, detail }) => {
      board.statuses.push({ value: { role, instance, status, detail }, claimed: false });
      record(instance, { kind: 'status', status, detail });
    },
    handler: ({ instance, service, procedure, run, event, value, metadata }) => {
      const name = service === undefined ? procedure : `${service}.${procedure ?? ''}`;
      const beside = { ...(name === undefined ? {} : { procedure: name }), ...(metadata === undefined ? {} : { metadata }) };
      board.handlers.push({ value: { role, instance, event, value, ...beside }, claimed: false });
      record(instance, { kind: 'handler', run, event, value, ...beside });
    },
    log: () => undefined,
  };
}
