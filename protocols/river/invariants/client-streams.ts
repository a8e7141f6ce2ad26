import { CANCEL, CLOSED, OPEN, type RiverMessage } from '../message.ts';
import { isCloseControl, isHeartbeat } from '../validate.ts';
import { endInvariant } from './judging.ts';
import { speaksOldVersion } from './old-version.ts';
import { isReserved, streamTables } from './stream-tables.ts';

interface Stream {
  kind: string | undefined;
  opened: { readonly n: number; readonly flags: number } | undefined;
}

const rules: Readonly<Record<string, string>> = {
  rpc: 'RIVER-STREAM-RPC-01',
  stream: 'RIVER-STREAM-STR-01',
  upload: 'RIVER-STREAM-UP-01',
  subscription: 'RIVER-STREAM-SUB-01',
};

/**
 * How a client opens and uses streams: a named opening message first and once (RIVER-MSG-08), an id of its own
 * (RIVER-MSG-10), and the messages of its procedure kind (RIVER-STREAM-RPC-01, -STR-01, -UP-01, -SUB-01, -SUB-03).
 */
export const clientStreams = endInvariant(
  'client-streams',
  ['RIVER-MSG-08', 'RIVER-MSG-10', ...Object.values(rules), 'RIVER-STREAM-SUB-03'],
  ['client'],
  (role, facts, check) => {
    const streams = streamTables<Stream>(() => ({ kind: undefined, opened: undefined }));
    return {
      sending: ({ event, message, session, fresh }) => {
        if (!fresh || session.murky || speaksOldVersion(session) || isHeartbeat(message)) return;
        const { streamId, controlFlags, serviceName, procedureName } = message;
        const n = event.n;
        const opens = (controlFlags & OPEN) !== 0;
        if (isReserved(streamId)) {
          if (opens) check(false, 'RIVER-MSG-10', role, () => `a stream is opened on the reserved id ${streamId}`, [n]);
          return;
        }
        // What a stream was whose beginning is long past is not known.
        if (!opens && streams.hasForgotten(session) && streams.find(session, streamId) === undefined) return;
        const stream = streams.at(session, streamId);
        if (stream.opened === undefined) {
          const named = Boolean(serviceName) && Boolean(procedureName);
          const what = () => `the first message of stream ${streamId} ${opens ? 'lacks a name' : 'has no open bit'}`;
          check(opens && named, 'RIVER-MSG-08', role, what, [n]);
          check(true, 'RIVER-MSG-10', role);
          stream.opened = { n, flags: controlFlags };
          stream.kind = opens ? facts.procedureKinds[`${serviceName}.${procedureName}`] : undefined;
          const wanted = openings(stream.kind);
          const rule = rules[stream.kind ?? ''];
          if (wanted === undefined || rule === undefined || !named) return;
          const flags = () => `a call of kind ${stream.kind} opens with controlFlags ${controlFlags}, not ${wanted.join(' or ')}`;
          check(wanted.includes(controlFlags), rule, role, flags, [n]);
        } else if (opens) {
          const again = () => `stream ${streamId} is opened a second time; each invocation has an id of its own`;
          check(false, 'RIVER-MSG-08', role, again, [n, stream.opened.n]);
          check(false, 'RIVER-MSG-10', role, again, [n, stream.opened.n]);
        } else if ((controlFlags & CANCEL) === 0) {
          const wrong = wrongFollower(stream, message);
          const rule = wrong?.rule ?? rules[stream.kind ?? ''];
          check(true, 'RIVER-MSG-08', role);
          if (rule !== undefined) check(wrong === undefined, rule, role, () => wrong?.message ?? '', [n, stream.opened.n]);
        }
      },
      forget: () => void streams.forget(),
    };
  },
);

function openings(kind: string | undefined): readonly number[] | undefined {
  switch (kind) {
    case 'rpc':
      return [OPEN | CLOSED];
    case 'stream':
    case 'upload':
      return [OPEN];
    case 'subscription':
      // Disputed: the specification shows 2, the official client sends 10.
      return [OPEN, OPEN | CLOSED];
    default:
      return undefined;
  }
}

/** What is wrong with a message that follows the opening one and is no cancel. */
function wrongFollower(stream: Stream, message: RiverMessage): { readonly rule: string; readonly message: string } | undefined {
  const rule = rules[stream.kind ?? ''];
  if (rule === undefined) return undefined;
  if (stream.kind === 'rpc') return { rule, message: 'an rpc is one client message; nothing but a cancel may follow' };
  if (stream.kind === 'subscription') {
    if (message.controlFlags === CLOSED && isCloseControl(message.payload)) {
      if (stream.opened?.flags === OPEN) return undefined;
      return { rule: 'RIVER-STREAM-SUB-03', message: 'a subscription opened with the closed bit is closed again' };
    }
    return { rule, message: 'a client sends no requests on a subscription' };
  }
  if (message.controlFlags === 0 || message.controlFlags === CLOSED) return undefined;
  return { rule, message: `a message of an open ${stream.kind} has controlFlags ${message.controlFlags}, not 0 or 8` };
}
