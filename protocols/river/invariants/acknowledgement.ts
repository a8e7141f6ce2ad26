import type { Role } from '../../common/frame.ts';
import { REHANDSHAKE_STREAM, type RiverMessage } from '../message.ts';
import { isHeartbeat } from '../validate.ts';
import { Ascending } from './ascending.ts';
import { type EndSession, mayBeAccepted } from './end-session.ts';
import { endInvariant } from './judging.ts';

/**
 * `ack` counts the messages that the sender has accepted: never more than were delivered, never less than what the
 * message itself answers, never fewer than before (RIVER-SEQ-02). Counting a message that makes the session invalid
 * shows that it was processed (RIVER-SEC-01, RIVER-SEC-02, RIVER-RECON-22).
 */
export const acknowledgement = endInvariant(
  'acknowledgement',
  ['RIVER-SEQ-02', 'RIVER-SEC-01', 'RIVER-SEC-02', 'RIVER-RECON-22'],
  ['client', 'server'],
  (role, _facts, check) => {
    const causes = new Map<EndSession, Causes>();
    const causesOf = (session: EndSession): Causes => {
      const known = causes.get(session) ?? { heartbeats: new Ascending(), streams: new Map(), echoes: 0 };
      causes.set(session, known);
      return known;
    };
    return {
      receiving: ({ event, message, session, fate }) => {
        if (!mayBeAccepted(fate)) return;
        const { heartbeats, streams } = causesOf(session);
        if (isHeartbeat(message)) heartbeats.add(message.seq);
        else if (!streams.has(message.streamId)) streams.set(message.streamId, { seq: message.seq, n: event.n });
      },
      sending: ({ event, message, session, fresh, before }) => {
        if (session.murky) return;
        const { ack } = message;
        const { doom, acceptedHigh } = session;
        const tooMany = () => `ack ${ack}, but at most ${acceptedHigh} messages of this session were delivered in order`;
        check(ack <= acceptedHigh, doom === undefined ? 'RIVER-SEQ-02' : ruleOf(role, doom.cause), role, tooMany, [event.n, doom?.n]);
        if (!fresh || ack > acceptedHigh) return;
        check(ack >= before.lastAck, 'RIVER-SEQ-02', role, () => `ack ${ack} after an ack of ${before.lastAck}; it never decreases`, [
          event.n,
        ]);
        const known = causesOf(session);
        const cause = causeOf(role, known, message);
        if (isHeartbeat(message)) known.echoes += 1;
        if (cause === undefined) return;
        const tooFew = () => `ack ${ack}, but this message answers seq ${cause}, so at least ${cause + 1} messages were accepted`;
        check(ack > cause, 'RIVER-SEQ-02', role, tooFew, [event.n]);
      },
      forget: ({ before }) => {
        for (const [session, { heartbeats, streams, echoes }] of causes) {
          if (session.forgotten) causes.delete(session);
          heartbeats.forgetBelow(heartbeats.at(echoes - 1) ?? 0);
          for (const [id, { n }] of streams) {
            if (n >= before) break;
            streams.delete(id);
          }
        }
      },
    };
  },
);

interface Causes {
  /** Seqs of the other end's heartbeats. */
  readonly heartbeats: Ascending;
  /** Stream id to the first seq of the other end on it, and its event. */
  readonly streams: Map<string, { readonly seq: number; readonly n: number }>;
  echoes: number;
}

/** Seq of the message without which this one would not exist. */
function causeOf(role: Role, causes: Causes, message: RiverMessage): number | undefined {
  if (role === 'server') return isHeartbeat(message) ? undefined : causes.streams.get(message.streamId)?.seq;
  if (isHeartbeat(message)) return causes.heartbeats.at(causes.echoes);
  return message.streamId === REHANDSHAKE_STREAM ? causes.streams.get(message.streamId)?.seq : undefined;
}

function ruleOf(role: Role, cause: 'foreign from' | 'invalid message'): string {
  if (cause === 'invalid message') return 'RIVER-RECON-22';
  return role === 'server' ? 'RIVER-SEC-01' : 'RIVER-SEC-02';
}
