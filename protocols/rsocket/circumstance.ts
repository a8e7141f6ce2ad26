import { endOf, peerOf, type Role } from '../common/frame.ts';
import type { SentEvent, TraceEvent } from '../common/trace.ts';
import type { BoundCall } from './bind.ts';
import { errorName } from './error-codes.ts';
import { isRequest, type RSocketFrame } from './frame.ts';
import { reference } from './reference.ts';

/**
 * What a variation rule has to know of a frame beside the frame: that it gives credit for a call whose caller takes whatever comes; that
 * the responder of a channel says it; that no KEEPALIVE had reached its sender for about the lifetime.
 */
export type Circumstance = 'takes-all' | 'of-a-responder' | 'in-silence';

/** Share of the lifetime without a KEEPALIVE from which an end may take it to be over: its own timer began a little later. */
const NEARLY = 0.9;

interface Line {
  lifetimeMs: number;
  /** When a KEEPALIVE last reached that end, ms; at first, when the connection was opened. */
  readonly heard: Record<Role, number>;
}

/** Follows a trace; tells the circumstance of what was just observed. */
export interface Circumstances {
  observe(event: TraceEvent<RSocketFrame>): void;
  /** Of a frame, which came with that event: it, or what it and fragments before it make. */
  of(frame: RSocketFrame, event: SentEvent<RSocketFrame>): Circumstance | undefined;
}

/** Circumstances of the frames of a trace whose calls are `bound` to streams; `sessionOf` gives the connection on which that of one began. */
export function followCircumstances(bound: readonly BoundCall[], sessionOf: (connection: number) => number): Circumstances {
  const takesAll = new Set(
    bound.filter(({ call }) => call.credit === undefined).map(({ connection, streamId }) => reference(connection, streamId)),
  );
  const requests = new Map<string, { readonly type: RSocketFrame['type']; readonly opener: Role }>();
  /** Streams that their openers gave up: a CANCEL then says nothing about items that are unwanted. */
  const givenUp = new Set<string>();
  const lines = new Map<number, Line>();
  const lifetimes = new Map<number, number>();
  return {
    observe: (event) => {
      if (event.type === 'opened') {
        const lifetimeMs = lifetimes.get(sessionOf(event.connection)) ?? Number.POSITIVE_INFINITY;
        lines.set(event.connection, { lifetimeMs, heard: { client: event.t, server: event.t } });
      }
      if ((event.type !== 'sent' && event.type !== 'delivered') || !event.decoded?.ok) return;
      const { message: frame } = event.decoded;
      const line = lines.get(event.connection);
      if (event.type === 'delivered') {
        if (frame.type === 'KEEPALIVE' && line !== undefined) line.heard[endOf(event.to)] = event.t;
        return;
      }
      if (frame.type === 'SETUP' && line !== undefined) {
        line.lifetimeMs = frame.lifetimeMs;
        lifetimes.set(sessionOf(event.connection), frame.lifetimeMs);
      }
      const key = reference(sessionOf(event.connection), frame.streamId);
      const isOpener = requests.get(key)?.opener === endOf(event.from);
      if (isOpener && (frame.type === 'CANCEL' || frame.type === 'ERROR')) givenUp.add(key);
      if (isRequest(frame) && !requests.has(key)) requests.set(key, { type: frame.type, opener: endOf(event.from) });
    },
    of: (frame, { from: party, connection, t }) => {
      const from = endOf(party);
      if (frame.streamId === 0) {
        const line = lines.get(connection);
        if (frame.type !== 'ERROR' || errorName(frame.code) !== 'CONNECTION_ERROR' || line === undefined) return undefined;
        return t - line.heard[from] >= NEARLY * line.lifetimeMs ? 'in-silence' : undefined;
      }
      const key = reference(sessionOf(connection), frame.streamId);
      const request = requests.get(key);
      const answers = request?.type === 'REQUEST_CHANNEL' && from === peerOf(request.opener);
      if (answers) return frame.type === 'REQUEST_N' || (frame.type === 'CANCEL' && !givenUp.has(key)) ? 'of-a-responder' : undefined;
      return 'n' in frame && takesAll.has(key) ? 'takes-all' : undefined;
    },
  };
}
