import { CANCEL, CLOSED, OPEN, type RiverMessage } from '../message.ts';
import { isCloseControl, isHeartbeat, isResult } from '../validate.ts';
import { mayBeAccepted } from './end-session.ts';
import { endInvariant } from './judging.ts';
import { speaksOldVersion } from './old-version.ts';
import { isOnStream, streamTables } from './stream-tables.ts';

interface Stream {
  /** First message of the client that may have been accepted on it. */
  asked: number | undefined;
  opened: { readonly n: number; readonly kind: string | undefined } | undefined;
  /** Some message of the stream was addressed to this server. */
  addressed: boolean;
  answers: number;
}

const rules: Readonly<Record<string, string>> = {
  rpc: 'RIVER-STREAM-RPC-02',
  stream: 'RIVER-STREAM-STR-02',
  upload: 'RIVER-STREAM-UP-02',
  subscription: 'RIVER-STREAM-SUB-02',
};

/**
 * What a server sends on streams: only on those a client uses (RIVER-MSG-09) with messages meant for it (RIVER-SEC-04),
 * results only (RIVER-MSG-14), in the form of the procedure kind (RIVER-STREAM-RPC-02, -STR-02, -UP-02, -SUB-02).
 */
export const serverStreams = endInvariant(
  'server-streams',
  ['RIVER-MSG-09', 'RIVER-MSG-14', 'RIVER-SEC-04', ...Object.values(rules)],
  ['server'],
  (role, facts, check) => {
    const streams = streamTables<Stream>(() => ({ asked: undefined, opened: undefined, addressed: false, answers: 0 }));
    return {
      receiving: ({ event, message, session, fate, astray }) => {
        if (!mayBeAccepted(fate) || !isOnStream(message)) return;
        const stream = streams.at(session, message.streamId);
        stream.asked ??= event.n;
        stream.addressed ||= !astray;
        if ((message.controlFlags & OPEN) !== 0) {
          const kind = facts.procedureKinds[`${message.serviceName}.${message.procedureName}`];
          stream.opened ??= { n: event.n, kind };
        }
      },
      sending: ({ event, message, session, fresh }) => {
        if (!fresh || session.murky || speaksOldVersion(session) || isHeartbeat(message) || !isOnStream(message)) return;
        const { streamId } = message;
        const n = event.n;
        const stream = streams.find(session, streamId);
        const unknown = () => `a message on stream ${streamId}, which the client has not used in this session`;
        // What a stream was whose beginning is long past is not known.
        if (stream?.opened === undefined && streams.hasForgotten(session)) return;
        const used = stream?.asked !== undefined;
        if (!check(used, 'RIVER-MSG-09', role, unknown, [n]) || stream === undefined) return;
        if ((message.controlFlags & CANCEL) !== 0) return;
        if (!stream.addressed) {
          const what = () => `a result on stream ${streamId}, whose messages were addressed to somebody else`;
          check(false, 'RIVER-SEC-04', role, what, [n, stream.asked]);
        }
        const closes = (message.controlFlags & CLOSED) !== 0 && isCloseControl(message.payload);
        const shape = () => 'server data must be a result: {ok: true, payload} or {ok: false, payload: {code, message}}';
        check(closes || isResult(message.payload), 'RIVER-MSG-14', role, shape, [n]);
        const { opened } = stream;
        check(opened !== undefined, 'RIVER-MSG-09', role, () => `data on stream ${streamId}, which was never opened`, [n, stream.asked]);
        stream.answers += 1;
        const rule = rules[opened?.kind ?? ''];
        if (rule === undefined) return;
        const wrong = wrongForm(opened?.kind, message, stream.answers);
        check(wrong === undefined, rule, role, () => wrong ?? '', [n, opened?.n]);
      },
      finish: () => conclude(streams.all()),
      forget: () => conclude(streams.forget()),
    };

    function conclude(over: readonly Stream[]): void {
      for (const { addressed, asked, answers } of over) {
        if (asked !== undefined && !addressed && answers === 0) check(true, 'RIVER-SEC-04', role);
      }
    }
  },
);

function wrongForm(kind: string | undefined, message: RiverMessage, answers: number): string | undefined {
  const { controlFlags, payload } = message;
  if (kind === 'rpc' || kind === 'upload') {
    if (answers > 1) return `a second message answers an ${kind}; it has exactly one`;
    if (controlFlags === CLOSED && isResult(payload)) return undefined;
    return `the answer of an ${kind} is one result with controlFlags 8, not ${isResult(payload) ? 'a result' : 'this'} with ${controlFlags}`;
  }
  if (controlFlags === 0 && isResult(payload)) return undefined;
  if (controlFlags === CLOSED && isCloseControl(payload)) return undefined;
  return `a ${kind} is answered with results (controlFlags 0) and at last {type: CLOSE} (8), not this with ${controlFlags}`;
}
