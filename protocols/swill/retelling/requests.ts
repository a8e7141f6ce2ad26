import { freshNames, type Telling } from '../../common/retelling.ts';
import { isSent, type Trace } from '../../common/trace.ts';
import { ownMember } from '../../common/value.ts';
import { bind } from '../bind.ts';
import type { RequestFrame, Seq, SwillFrame } from '../frame.ts';
import { reference } from '../reference.ts';
import type { Reader } from './readable.ts';

/** A request of a trace, and how a case knows it. */
export interface Request {
  readonly connection: number;
  readonly seq: Seq;
  /** `n` of its first frame. */
  readonly n: number;
  readonly first: RequestFrame;
  /** A name of its own: that of the recorded call, or a new one. */
  readonly name: string;
  readonly kind: string;
  /** Whether the standard services have a procedure of that name, so that a case need not say its kind. */
  readonly isKnown: boolean;
  /** Whether its seq is the one that a conforming client takes next. */
  readonly inTurn: boolean;
}

/** The requests of a trace by their references, with the names that its calls have already. */
export function requestsOf(trace: Trace<SwillFrame>, { calls, procedureKinds }: Telling, read: Reader): ReadonlyMap<string, Request> {
  const bound = new Map(bind(trace, calls).map(({ call, connection, seq }) => [reference(connection, seq), call]));
  const fresh = freshNames(calls.map(({ call }) => call));
  const shapes = shapesOf(trace, read);
  const next = new Map<number, Seq>();
  const requests = new Map<string, Request>();
  for (const event of trace) {
    const message = isSent(event) ? read(event) : undefined;
    if (!isSent(event) || message?.from !== 'client' || (message.type !== 'MESSAGE' && message.type !== 'METADATA')) continue;
    const { connection, n } = event;
    const { seq, rpc } = message;
    const key = reference(connection, seq);
    if (requests.has(key)) continue;
    const call = bound.get(key);
    const known = ownMember(procedureKinds, rpc);
    const expected = next.get(connection) ?? 1;
    next.set(connection, seq > expected ? after(seq) : after(expected));
    requests.set(key, {
      ...{ connection, seq, n, first: message },
      name: call?.call ?? fresh(rpc.split('.').at(-1) ?? 'call'),
      kind: call?.kind ?? known ?? kindOf(shapes.get(key)),
      isKnown: known !== undefined,
      inTurn: seq === expected,
    });
  }
  return requests;
}

function after(seq: Seq): Seq {
  return typeof seq === 'bigint' ? seq + 1n : seq + 1;
}

/** What frames of a request show of its kind. */
interface Shape {
  up: boolean;
  down: boolean;
  answers: number;
}

/** Nothing on the wire tells the four kinds apart but how often either end speaks, and that it ends. */
function shapesOf(trace: Trace<SwillFrame>, read: Reader): ReadonlyMap<string, Shape> {
  const shapes = new Map<string, Shape>();
  for (const event of trace) {
    const message = isSent(event) ? read(event) : undefined;
    if (!isSent(event) || message === undefined) continue;
    const key = reference(event.connection, message.seq);
    const known = shapes.get(key);
    const shape = known ?? { up: false, down: false, answers: 0 };
    shapes.set(key, shape);
    if (message.from === 'client')
      shape.up ||= message.type === 'METADATA' || message.type === 'END_OF_STREAM' || (known !== undefined && message.type === 'MESSAGE');
    else {
      if (message.type === 'MESSAGE') shape.answers += 1;
      shape.down ||= message.type === 'END_OF_STREAM' || shape.answers > 1;
    }
  }
  return shapes;
}

function kindOf(shape: Shape | undefined): string {
  return `${shape?.up === true ? 'stream' : 'single'}-${shape?.down === true ? 'stream' : 'single'}`;
}
