import type { Role } from '../../common/frame.ts';
import type { Past } from '../../common/invariant.ts';
import { forgetConnections } from '../../common/judging.ts';
import { isTracked, type RSocketFrame } from '../frame.ts';
import { Table, type Where } from './judging.ts';

interface Count {
  bytes: number;
  /** Positions between frames from the last one that was told. */
  readonly borders: Set<number>;
  /** The furthest that was told. */
  told: number;
  /** The connection that carries the session on; what still comes over one before it is not counted. */
  connection: number;
}

/** What has arrived at each end of each session, and with it the positions that the end may tell (RSOCKET-RESUME-04). */
export class Arrived {
  readonly #counts = new Table<Count>(() => ({ bytes: 0, borders: new Set([0]), told: 0, connection: -1 }));
  /** By connection: the position that a RESUME tells. */
  readonly #asked = new Map<number, number>();

  /** To be called for each frame that arrived in a session with resumption. */
  received(frame: RSocketFrame, { session, role, connection, length }: Where): void {
    const count = this.#counts.at(session, role);
    if (!isTracked(frame) || connection < count.connection) return;
    count.bytes += length;
    count.borders.add(count.bytes);
  }

  /**
   * To be called for each frame sent. What reached an end that did not read it is sent again after a resumption, and counts once: each
   * end goes on from the position that it told for that.
   */
  sent(frame: RSocketFrame, { session, connection }: Where): void {
    if (frame.type === 'RESUME') this.#asked.set(connection, Number(frame.serverPosition));
    const asked = this.#asked.get(connection);
    if (frame.type !== 'RESUME_OK' || asked === undefined) return;
    this.#goOn(session, 'client', connection, asked);
    this.#goOn(session, 'server', connection, Number(frame.position));
    this.#asked.delete(connection);
  }

  /** Notes a position that an end tells; gives what is wrong with it, if anything. */
  tell(position: number, { session, role }: Where): string | undefined {
    const count = this.#counts.at(session, role);
    const isRight = position >= count.told && position <= count.bytes && count.borders.has(position);
    const what = `a position of ${position} after ${count.told}, where ${count.bytes} bytes have arrived`;
    count.told = Math.max(count.told, position);
    for (const border of count.borders) if (border < count.told) count.borders.delete(border);
    return isRight ? undefined : what;
  }

  /** Lets go of connections that are over. */
  forget(past: Pick<Past, 'isOver'>): void {
    forgetConnections(this.#asked, past);
  }

  #goOn(session: number, role: Role, connection: number, position: number): void {
    const count = this.#counts.at(session, role);
    count.connection = connection;
    if (position >= count.bytes) return;
    count.bytes = position;
    for (const border of count.borders) if (border > position) count.borders.delete(border);
  }
}
