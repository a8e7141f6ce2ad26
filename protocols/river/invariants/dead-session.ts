import { peerOf } from '../../common/frame.ts';
import { quietSince } from '../../common/quiet-since.ts';
import type { Line } from './end-listener.ts';
import type { Doom } from './end-session.ts';
import { endInvariant } from './judging.ts';

/**
 * An undecodable or incomplete message on an established session (RIVER-RECON-22), or one with a foreign `from`
 * (RIVER-SEC-01 for the server, RIVER-SEC-02 for the client), makes its receiver give the connection up.
 */
export const deadSession = endInvariant(
  'dead-session',
  ['RIVER-RECON-22', 'RIVER-SEC-01', 'RIVER-SEC-02'],
  ['client', 'server'],
  (role, facts, check) => {
    const quiet = quietSince();
    const doomed = new Map<number, { readonly line: Line; readonly doom: Doom }>();
    const patience = 2 * (facts.timers['heartbeatIntervalMs'] ?? Number.POSITIVE_INFINITY);
    const ruleOf = ({ cause }: Doom): string => {
      if (cause === 'invalid message') return 'RIVER-RECON-22';
      return role === 'server' ? 'RIVER-SEC-01' : 'RIVER-SEC-02';
    };
    const judge = (connection: number, now: { n: number; t: number }): void => {
      const entry = doomed.get(connection);
      doomed.delete(connection);
      if (entry === undefined || now.t - entry.doom.t < patience || !quiet.since(connection, entry.doom.n)) return;
      const { doom } = entry;
      const what = () =>
        doom.cause === 'foreign from'
          ? `the ${role} keeps a connection on which the ${peerOf(role)} used a foreign id`
          : `the ${role} keeps a connection on which it got a frame that is no valid message`;
      check(false, ruleOf(doom), role, what, [now.n, doom.n]);
    };
    return {
      observe: (event) => {
        quiet.observe(event);
        if (event.type !== 'sent' || event.from !== role || event.frame.class !== 'closing') return;
        const entry = doomed.get(event.connection);
        doomed.delete(event.connection);
        if (entry !== undefined) check(true, ruleOf(entry.doom), role);
      },
      doomed: (line, session) => {
        // Faults that made the frame invalid strike before it is delivered.
        if (session.doom !== undefined) doomed.set(line.connection, { line, doom: session.doom });
      },
      closed: (line, event) => {
        const entry = doomed.get(line.connection);
        if (entry !== undefined && event.by === role) {
          doomed.delete(line.connection);
          check(true, ruleOf(entry.doom), role);
        } else judge(line.connection, event);
      },
      finish: () => {
        for (const connection of [...doomed.keys()]) judge(connection, quiet.now());
      },
    };
  },
);
