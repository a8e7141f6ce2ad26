import { endOf } from '../../common/frame.ts';
import type { Deed, StepInWords } from '../../common/retelling.ts';
import type { SentEvent } from '../../common/trace.ts';
import { toTagged } from '../../common/value.ts';
import { Assembly } from '../assembly.ts';
import { errorName } from '../error-codes.ts';
import { FLAG, follows, has, isRequest, MAX_31, type RSocketFrame } from '../frame.ts';
import { readRequestMetadata } from '../metadata.ts';
import { readValue } from '../value.ts';
import type { Stream, Streams } from './streams.ts';

const KINDS: Readonly<Partial<Record<RSocketFrame['type'], string>>> = {
  REQUEST_RESPONSE: 'request-response',
  REQUEST_FNF: 'fire-and-forget',
  REQUEST_STREAM: 'request-stream',
  REQUEST_CHANNEL: 'request-channel',
};

/** Tells what the application of an end had it send. Frames are told in order, without those that were sent again. */
export function applicationTeller(
  streams: Streams,
  procedureKinds: Readonly<Record<string, string>>,
): (event: SentEvent<RSocketFrame>, frame: RSocketFrame) => readonly Deed[] {
  /** Streams of whose request more fragments follow, and items of which more do. */
  const partial = new Set<Stream>();
  const items = new Map<Stream, Assembly>();
  return (event, frame) => {
    const { n, connection } = event;
    const from = endOf(event.from);
    const at = from === 'server' ? 'server' : streams.handle(streams.session(connection));
    const deed = (step: StepInWords): Deed => ({ n, by: 'application', step });
    if (frame.type === 'METADATA_PUSH' && frame.metadata !== undefined) {
      const metadata = toTagged(readValue(frame.metadata));
      return [deed({ invoke: { as: `push-${n}`, ...elsewhere(at), kind: 'metadata-push', metadata } })];
    }
    const stream = streams.find(connection, frame.streamId);
    // Of what its handlers answer, or call for, an application is not asked.
    if (stream === undefined || stream.opener !== from || !stream.invoked) return [];
    const finish = has(frame, FLAG.COMPLETE) ? [deed({ finish: stream.name })] : [];
    if (isRequest(frame)) {
      if (stream.n !== n) return [];
      if (follows(frame)) partial.add(stream);
      return [deed({ invoke: invocation(stream, frame, at, procedureKinds) }), ...(frame.type === 'REQUEST_CHANNEL' ? finish : [])];
    }
    switch (frame.type) {
      case 'REQUEST_N':
        return [deed({ credit: { of: stream.name, n: frame.n } })];
      case 'CANCEL':
        return [deed({ cancel: stream.name })];
      case 'ERROR':
        return [deed({ finish: { of: stream.name, error: { code: errorName(frame.code), message: String(readValue(frame.data)) } } })];
      case 'PAYLOAD': {
        // What the call began with is in its invocation.
        const ofRequest = partial.has(stream) && !items.has(stream);
        const assembly = items.get(stream) ?? new Assembly();
        assembly.add(frame);
        if (follows(frame)) {
          if (!ofRequest) items.set(stream, assembly);
          return [];
        }
        items.delete(stream);
        partial.delete(stream);
        if (ofRequest || !has(frame, FLAG.NEXT)) return finish;
        const { data, metadata } = assembly.whole();
        const beside = metadata === undefined ? {} : { metadata: toTagged(readValue(metadata)) };
        return [deed({ send: { to: stream.name, value: toTagged(readValue(data)), ...beside } }), ...finish];
      }
      default:
        return [];
    }
  };
}

function elsewhere(at: string): StepInWords {
  return at === 'main' ? {} : { at };
}

function invocation(
  { name, procedure, payload, request }: Stream,
  frame: RSocketFrame,
  at: string,
  procedureKinds: Readonly<Record<string, string>>,
): StepInWords {
  const { own } = readRequestMetadata(payload.metadata);
  const n = 'n' in frame && frame.n !== MAX_31 ? { credit: frame.n } : {};
  return {
    as: name,
    ...elsewhere(at),
    ...(procedure === undefined ? {} : { procedure }),
    ...(procedure !== undefined && procedureKinds[procedure] === KINDS[request] ? {} : { kind: KINDS[request] }),
    ...(payload.data.length === 0 ? {} : { value: toTagged(readValue(payload.data)) }),
    ...(own === undefined ? {} : { metadata: toTagged(readValue(own)) }),
    ...n,
  };
}
