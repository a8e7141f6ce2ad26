import type { Trace } from '../../common/trace.ts';
import { isPlainObject } from '../../common/value.ts';
import { kindOf, procedureOf } from '../classify.ts';
import { CLOSED, type RiverMessage } from '../message.ts';
import { isResult } from '../validate.ts';

/** What a trace shows of a stream as a whole. */
export interface StreamFacts {
  /** `test.add` */
  readonly procedure: string;
  /** rpc, stream, upload or subscription: what the services say, else what it looks like. */
  readonly kind: string;
}

interface Seen {
  readonly procedure: string;
  readonly openClosed: boolean;
  requests: number;
  results: number;
  answered: boolean;
  closed: boolean;
}

/** The streams of a trace by their ids. */
export function streamsOf(trace: Trace<RiverMessage>, kinds: Readonly<Record<string, string>>): ReadonlyMap<string, StreamFacts> {
  const seen = new Map<string, Seen>();
  for (const event of trace) {
    if (event.type !== 'sent' || !event.decoded?.ok) continue;
    const { message } = event.decoded;
    const { streamId, controlFlags, payload } = message;
    const kind = kindOf(event.frame, event.decoded);
    const known = seen.get(streamId);
    if (event.from === 'client' && kind === 'open' && known === undefined) {
      const openClosed = (controlFlags & CLOSED) !== 0;
      seen.set(streamId, { procedure: procedureOf(message), openClosed, requests: 0, results: 0, answered: false, closed: false });
    }
    if (known === undefined) continue;
    if (event.from === 'client' && (kind === 'data' || kind === 'close')) known.requests += 1;
    if (event.from === 'server' && kind === 'data' && isResult(payload)) {
      known.results += 1;
      known.answered ||= (controlFlags & CLOSED) !== 0;
    }
    if (event.from === 'server' && kind === 'close' && isPlainObject(payload)) known.closed = true;
  }
  const facts = new Map<string, StreamFacts>();
  for (const [streamId, stream] of seen) {
    const { procedure } = stream;
    const kind = Object.hasOwn(kinds, procedure) ? kinds[procedure] : undefined;
    facts.set(streamId, { procedure, kind: kind ?? guess(stream) });
  }
  return facts;
}

function guess({ openClosed, requests, results, answered, closed }: Seen): string {
  if (openClosed) return results > 1 || closed ? 'subscription' : 'rpc';
  if (answered) return 'upload';
  return requests === 0 && results > 1 ? 'subscription' : 'stream';
}
