import { quietSince } from '../../common/quiet-since.ts';
import { isHeartbeat } from '../validate.ts';
import { Ascending } from './ascending.ts';
import type { Line, Receiving } from './end-listener.ts';
import { type EndSession, mayBeAccepted } from './end-session.ts';
import { endInvariant } from './judging.ts';

interface Pulse {
  /** Heartbeats that may have been accepted: seq to event. */
  readonly heard: Map<number, number>;
  readonly seqs: Ascending;
  /** Seqs of those that are to be echoed; one that is meant for somebody else need not be. */
  readonly due: Ascending;
  /** How many echoes there were. */
  echoes: number;
  last: Receiving | undefined;
  /** First proof that this many heartbeats were accepted, on a connection where nothing keeps their echoes. */
  proof: { readonly line: Line; readonly n: number; readonly t: number; readonly count: number } | undefined;
}

/**
 * The client answers each accepted heartbeat with one of its own (RIVER-HB-03) and starts none by itself (RIVER-HB-04),
 * not even to acknowledge data (RIVER-SEQ-12).
 */
export const heartbeatEcho = endInvariant(
  'heartbeat-echo',
  ['RIVER-HB-03', 'RIVER-HB-04', 'RIVER-SEQ-12'],
  ['client'],
  (role, facts, check) => {
    const pulses = new Map<EndSession, Pulse>();
    const quiet = quietSince();
    const patience = 2 * (facts.timers['heartbeatIntervalMs'] ?? Number.POSITIVE_INFINITY);
    const pulseOf = (session: EndSession): Pulse => {
      const pulse = pulses.get(session) ?? {
        heard: new Map(),
        seqs: new Ascending(),
        due: new Ascending(),
        echoes: 0,
        last: undefined,
        proof: undefined,
      };
      pulses.set(session, pulse);
      return pulse;
    };

    /** An echo that is still missing long after the client showed that it had accepted the heartbeat. */
    const judgeMissing = (line: Line, now: { n: number; t: number }): void => {
      const { session } = line;
      const pulse = session === undefined ? undefined : pulses.get(session);
      const proof = pulse?.proof;
      if (session?.murky || session?.doom || pulse === undefined || proof === undefined || proof.line !== line) return;
      if (now.t - proof.t < patience || !quiet.since(line.connection, proof.n)) return;
      const what = () => `${proof.count} heartbeats were accepted, ${pulse.echoes} were answered`;
      check(pulse.echoes >= proof.count, 'RIVER-HB-03', role, what, [proof.n, pulse.heard.get(pulse.due.at(pulse.echoes) ?? -1)]);
    };
    const prove = (line: Line, session: EndSession, pulse: Pulse, accepted: number, at: { n: number; t: number }): void => {
      const count = pulse.due.below(accepted);
      if (count <= pulse.echoes) pulse.proof = undefined;
      else if (pulse.proof?.line !== line || session !== line.session) pulse.proof = { line, n: at.n, t: at.t, count };
    };
    return {
      observe: quiet.observe,
      established: (line, session) => {
        const { established, request } = line;
        const accepted = line.resumed ? (request?.payload.expectedSessionState.nextExpectedSeq ?? 0) : 0;
        if (established !== undefined) prove(line, session, pulseOf(session), accepted, established);
      },
      receiving: (receiving) => {
        const { event, message, session, fate, astray } = receiving;
        const pulse = pulseOf(session);
        pulse.last = receiving;
        if (isHeartbeat(message) && mayBeAccepted(fate)) {
          pulse.heard.set(message.seq, event.n);
          pulse.seqs.add(message.seq);
          if (astray) pulse.due.remove(message.seq);
          else pulse.due.add(message.seq);
        }
      },
      sending: ({ event, message, line, session, fresh }) => {
        if (!fresh) return;
        const pulse = pulseOf(session);
        if (isHeartbeat(message)) {
          if (!session.murky) {
            const allowed = pulse.seqs.below(session.acceptedHigh);
            const what = () => `heartbeat ${pulse.echoes + 1} of the client, but only ${allowed} of the server's could be accepted`;
            const solicited = pulse.echoes < allowed;
            check(solicited, solicited ? 'RIVER-HB-04' : extraRule(pulse), role, what, [event.n, pulse.last?.event.n]);
          }
          pulse.echoes += 1;
        } else if (session.role === role && pulse.last !== undefined) check(true, 'RIVER-SEQ-12', role);
        if (pulse.proof !== undefined && pulse.echoes >= pulse.proof.count) {
          pulse.proof = undefined;
          check(true, 'RIVER-HB-03', role);
        } else if (pulse.echoes > 0 && isHeartbeat(message)) check(true, 'RIVER-HB-03', role);
        prove(line, session, pulse, message.ack, event);
      },
      closed: (line, event) => judgeMissing(line, event),
      forget: ({ before }) => {
        for (const [session, { heard, seqs, due }] of pulses) {
          if (session.forgotten) pulses.delete(session);
          for (const [seq, n] of heard) {
            if (n >= before) break;
            heard.delete(seq);
            seqs.forgetBelow(seq);
            due.forgetBelow(seq);
          }
        }
      },
      finish: () => {
        for (const { proof } of [...pulses.values()]) {
          if (proof !== undefined && !proof.line.over && !proof.line.leaving) judgeMissing(proof.line, quiet.now());
        }
      },
    };
  },
);

function extraRule({ heard, last }: Pulse): string {
  if (heard.size === 0 && last === undefined) return 'RIVER-HB-04';
  if (last !== undefined && isHeartbeat(last.message)) return 'RIVER-HB-03';
  return last === undefined ? 'RIVER-HB-04' : 'RIVER-SEQ-12';
}
