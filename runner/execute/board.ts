import type { PeerEvents } from '../../protocols/common/control.ts';
import type { Role } from '../../protocols/common/frame.ts';
import type { CallFacts } from '../../protocols/common/normalise.ts';
import type { ApplicationHappening, AppResult } from '../../protocols/common/trace.ts';

/** What the application of a call has read so far. */
export interface CallRecord extends CallFacts {
  readonly items: AppResult[];
  /** How many of the items steps have received. */
  received: number;
  ended: boolean;
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

/** What a server's handler saw. */
export interface HandlerRecord {
  readonly procedure: string;
  readonly event: string;
  readonly value: unknown;
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
  return Array.from(board.calls.values(), ({ call, client, clientId, procedure, init }) => {
    return { call, client, ...(clientId === undefined ? {} : { clientId }), procedure, init };
  });
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
  return {
    message: ({ call, result }) => {
      const entry = board.calls.get(call);
      if (entry === undefined || entry.ended) return stray('a message', call);
      const item: AppResult = result.ok ? { ok: true, value: result.value } : { ok: false, error: result.error };
      entry.items.push(item);
      record(entry.client, { kind: 'message', call, result: item });
    },
    end: ({ call }) => {
      const entry = board.calls.get(call);
      if (entry === undefined || entry.ended) return stray('an end', call);
      entry.ended = true;
      record(entry.client, { kind: 'end', call });
    },
    status: ({ instance, status, detail }) => {
      board.statuses.push({ value: { role, instance, status, detail }, claimed: false });
      record(instance, { kind: 'status', status, detail });
    },
    handler: ({ server, service, procedure, run, event, value }) => {
      const name = `${service}.${procedure}`;
      board.handlers.push({ value: { procedure: name, event, value }, claimed: false });
      record(server, { kind: 'handler', procedure: name, run, event, value });
    },
    log: () => undefined,
  };
}
