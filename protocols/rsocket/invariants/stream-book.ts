import { peerOf, type Role } from '../../common/frame.ts';
import { completes, FLAG, follows, has, isRequest, isRequestOrPayload, type RequestType, type RSocketFrame } from '../frame.ts';
import { type ByRole, type SessionPast, Table, type Where } from './judging.ts';

/** What one end has said on a stream, and what of it has reached the other; `n` of the events. */
export interface Half {
  /** Items begun: a series of fragments is one. */
  items: number;
  complete: number | undefined;
  error: number | undefined;
  cancel: number | undefined;
  /** A series of fragments is under way: `n` of its first. */
  series: number | undefined;
  /** A fragment of it carried data. */
  data: boolean;
}

/** A stream as a trace shows it. */
export interface Stream {
  readonly streamId: number;
  readonly type: RequestType;
  readonly opener: Role;
  readonly opened: number;
  /** `n` of the latest event on it. */
  latest: number;
  /** `n` of the request's arrival; undefined while it has not arrived. */
  arrived: number | undefined;
  /**
   * A request came on this id while it was in use, or may have been for all that the responder knew. Whether it was ignored or opened
   * another stream no trace tells; nothing on this id is judged from then on.
   */
  contested: boolean;
  readonly sent: ByRole<Half>;
  /** What has arrived at that end. */
  readonly got: ByRole<Half>;
  /** Credit that has arrived at that end. */
  readonly credit: ByRole<{ n: number }>;
}

const half = (): Half => ({ items: 0, complete: undefined, error: undefined, cancel: undefined, series: undefined, data: false });

/** All streams of a trace, followed by what is sent and what arrives. */
export class StreamBook {
  readonly #streams = new Table<{ current: Stream | undefined }>(() => ({ current: undefined }));
  /** By session and role: `n` up to which that end has shown that it read what arrived. */
  readonly #read = new Table<{ n: number }>(() => ({ n: -1 }));
  /** By session and parity: the highest id that was let go of. */
  readonly #forgotten = new Table<{ upTo: number }>(() => ({ upTo: -1 }));
  readonly #pings = new Table<{ readonly waiting: number[] }>(() => ({ waiting: [] }));

  /** The stream of an id, if any was ever opened. */
  find(session: number, streamId: number): Stream | undefined {
    return this.#streams.find(session, streamId)?.current;
  }

  /** Whether an end has shown that it read what arrived as event `n`. */
  hasRead(session: number, role: Role, n: number): boolean {
    return (this.#read.find(session, role)?.n ?? -1) >= n;
  }

  /** To be called for each frame sent, after it was judged. */
  sent(frame: RSocketFrame, { n, session, role, resent }: Where): void {
    if (frame.type === 'KEEPALIVE' && !has(frame, FLAG.RESPOND)) {
      const ping = this.#pings.at(session, role).waiting.shift();
      if (ping !== undefined) this.#noteRead(session, role, ping);
    }
    if (resent || frame.streamId === 0) return;
    const known = this.find(session, frame.streamId);
    if (isRequest(frame)) {
      if (known !== undefined && !isOver(known)) {
        known.contested = true;
        return;
      }
      this.#streams.at(session, frame.streamId).current = {
        streamId: frame.streamId,
        type: frame.type,
        opener: role,
        opened: n,
        latest: n,
        arrived: undefined,
        contested: known !== undefined && (known.contested || this.#mayGoOn(session, known, role)),
        sent: { client: half(), server: half() },
        got: { client: half(), server: half() },
        credit: { client: { n: 0 }, server: { n: 0 } },
      };
    }
    const stream = this.find(session, frame.streamId);
    if (stream === undefined) return;
    stream.latest = n;
    if (role !== stream.opener && stream.arrived !== undefined) this.#noteRead(session, role, stream.arrived);
    note(stream.sent[role], frame, n);
  }

  /** To be called for each frame that arrived, after it was judged. */
  received(frame: RSocketFrame, { n, session, role }: Where): void {
    if (frame.type === 'KEEPALIVE' && has(frame, FLAG.RESPOND)) this.#pings.at(session, role).waiting.push(n);
    const stream = this.find(session, frame.streamId);
    if (stream === undefined || frame.streamId === 0) return;
    stream.latest = n;
    if (isRequest(frame) && role !== stream.opener) {
      if (stream.arrived !== undefined) return;
      stream.arrived = n;
      if ('n' in frame) stream.credit[role].n += frame.n;
    }
    if (frame.type === 'REQUEST_N') stream.credit[role].n += frame.n;
    note(stream.got[role], frame, n);
  }

  /** Lets go of streams that were over in the past, and of sessions that are. */
  forget({ before, isSessionOver }: SessionPast): void {
    this.#streams.drop(({ current }, session) => {
      if (isSessionOver(session)) return true;
      if (current === undefined || current.latest >= before || !isOver(current)) return false;
      const forgotten = this.#forgotten.at(session, current.streamId % 2);
      forgotten.upTo = Math.max(forgotten.upTo, current.streamId);
      return true;
    });
    for (const table of [this.#read, this.#forgotten, this.#pings]) table.drop((_, session) => isSessionOver(session));
  }

  /** Whether a stream may be one that was let go of. */
  isForgotten(session: number, streamId: number): boolean {
    return streamId <= (this.#forgotten.find(session, streamId % 2)?.upTo ?? -1) && this.find(session, streamId) === undefined;
  }

  /** Whether the other end of who makes a new request on its id may not know yet that a stream is over. */
  #mayGoOn(session: number, { opener, sent, got }: Stream, role: Role): boolean {
    const other = peerOf(role);
    const isAnswerer = opener === role;
    if (sent[other].error !== undefined || (!isAnswerer && sent[other].cancel !== undefined)) return false;
    if (isAnswerer && sent[opener].cancel === undefined && sent[opener].error === undefined) return false;
    const arrived = (isAnswerer ? got[other].cancel : got[other].complete) ?? got[other].error;
    return arrived === undefined || !this.hasRead(session, other, arrived);
  }

  all(): readonly Stream[] {
    return this.#streams.all().flatMap(({ current }) => current ?? []);
  }

  #noteRead(session: number, role: Role, n: number): void {
    const read = this.#read.at(session, role);
    read.n = Math.max(read.n, n);
  }
}

/** Whether both ends have said all that they may, by what they sent. */
export function isOver(stream: Stream): boolean {
  const [asker, answerer] = [stream.sent[stream.opener], stream.sent[stream.opener === 'client' ? 'server' : 'client']];
  if (asker.cancel !== undefined || asker.error !== undefined || answerer.error !== undefined) return true;
  switch (stream.type) {
    case 'REQUEST_FNF':
      return asker.series === undefined;
    case 'REQUEST_RESPONSE':
      return answerer.complete !== undefined || (answerer.items > 0 && answerer.series === undefined);
    case 'REQUEST_STREAM':
      return answerer.complete !== undefined;
    case 'REQUEST_CHANNEL':
      return answerer.complete !== undefined && (asker.complete !== undefined || answerer.cancel !== undefined);
  }
}

function note(side: Half, frame: RSocketFrame, n: number): void {
  switch (frame.type) {
    case 'CANCEL':
      side.cancel ??= n;
      side.series = undefined;
      return;
    case 'ERROR':
      side.error ??= n;
      side.series = undefined;
      return;
    case 'REQUEST_N':
      return;
    default: {
      if (!isRequestOrPayload(frame)) return;
      const partial = follows(frame);
      if (side.series === undefined && !isRequest(frame) && (has(frame, FLAG.NEXT) || partial)) side.items += 1;
      side.data = (side.series !== undefined && side.data) || frame.data.length > 0;
      side.series = partial ? (side.series ?? n) : undefined;
      if (completes(frame)) side.complete ??= n;
    }
  }
}
