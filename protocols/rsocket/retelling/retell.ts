import { BEFORE, type Deed, type Manner, type Retelling, type Retold, type Telling } from '../../common/retelling.ts';
import { fromOf, type Trace } from '../../common/trace.ts';
import { kindOf } from '../classify.ts';
import { FLAG, has, type RSocketFrame } from '../frame.ts';
import { followResent } from '../resent.ts';
import { applicationTeller } from './applications.ts';
import { clientTeller, serverTeller } from './peer.ts';
import { needsOf, type Settings, settingsOf } from './settings.ts';
import { type Stream, type Streams, streamsOf } from './streams.ts';

/** Ways of telling RSocket's traces again. */
export const rsocketRetellings: readonly Retelling<RSocketFrame>[] = (['calls', 'frames'] as const).map((manner) => ({
  manner,
  retell: (trace, telling) => retell(trace, telling, manner),
}));

function retell(trace: Trace<RSocketFrame>, telling: Telling, manner: Manner): Retold<RSocketFrame> {
  const { underTest } = telling;
  const streams = streamsOf(trace, telling);
  const deeds: Deed[] = [];
  const add = (deed: Deed): void => void deeds.push(deed);
  const applications = applicationTeller(streams, telling.procedureKinds);
  const peer = manner === 'calls' ? undefined : underTest === 'client' ? serverTeller(streams, telling, add) : clientTeller(streams, add);
  const server = settingsOf(trace, streams, telling, undefined);
  const needs = new Set(needsOf(server));
  const resent = followResent();
  const met = new Set<number>();
  const begun = beginnings(trace);
  const lastOf = lastConnections(trace, streams);
  for (const event of trace) {
    resent.observe(event);
    if (event.type === 'opened') {
      const session = streams.session(event.connection);
      if (!met.has(session)) {
        met.add(session);
        const settings = settingsOf(trace, streams, telling, session);
        for (const need of needsOf(settings)) needs.add(need);
        const as = streams.handle(session);
        const raw = manner === 'frames' && underTest === 'server';
        add({
          n: Math.min(event.n, begun.get(as) ?? event.n) - BEFORE,
          by: 'application',
          step: { connect: connectWords(as, settings, raw) },
        });
      }
      peer?.opened(event);
    } else if (event.type === 'closed') {
      const session = streams.session(event.connection);
      const leaves = event.by === 'client' && event.how !== 'rst' && lastOf.get(session) === event.connection;
      if (leaves && (underTest === 'client' || manner === 'calls'))
        add({ n: event.n - BEFORE, by: 'application', step: { disconnect: streams.handle(session) } });
      peer?.closed(event);
    } else if (event.type === 'delivered') peer?.delivered?.(event);
    else if (event.type === 'sent' && !resent.isResent()) {
      const frame = event.decoded?.ok ? event.decoded.message : undefined;
      if (event.from !== underTest && manner === 'frames') peer?.sent(event);
      else if (frame !== undefined) for (const deed of applications(event, frame)) add(deed);
    }
  }
  peer?.finish();
  return {
    deeds: deeds.toSorted((a, b) => a.n - b.n),
    pattern: patternOf(streams, underTest, manner),
    needs: [...needs],
    server: written(server),
    unsaid: [],
  };
}

function patternOf(streams: Streams, underTest: Telling['underTest'], manner: Manner): Retold<RSocketFrame>['pattern'] {
  return (event) => {
    const from = fromOf(event);
    const kind = kindOf(event.frame, event.decoded);
    const frame = event.decoded?.ok ? event.decoded.message : undefined;
    if (frame === undefined) return { from, kind };
    const complete = frame.type === 'PAYLOAD' && has(frame, FLAG.COMPLETE) ? { complete: true } : {};
    const stream = streams.find(event.connection, frame.streamId);
    const known = stream !== undefined && isNamed(stream, underTest, manner);
    if (frame.streamId === 0) return { from, kind, ...(frame.type === 'ERROR' ? { id: 0 } : {}) };
    return { from, kind, ...(known ? { call: stream.name } : { id: frame.streamId }), ...complete };
  };
}

/** Whether a case that tells frames, or calls, has a name for a stream. */
function isNamed({ opener, invoked, inTurn }: Stream, underTest: Telling['underTest'], manner: Manner): boolean {
  return manner === 'calls' || opener === underTest ? invoked : inTurn;
}

/** Before which event the application of each client first asked for something, where the trace says it. */
function beginnings(trace: Trace<RSocketFrame>): ReadonlyMap<string, number> {
  const begun = new Map<string, number>();
  for (const event of trace) {
    if (event.type === 'application' && event.role === 'client' && !begun.has(event.instance)) begun.set(event.instance, event.n);
  }
  return begun;
}

/** The last connection of each session. */
function lastConnections(trace: Trace<RSocketFrame>, streams: Streams): ReadonlyMap<number, number> {
  const last = new Map<number, number>();
  for (const event of trace) if (event.type === 'opened') last.set(streams.session(event.connection), event.connection);
  return last;
}

function connectWords(as: string, settings: Settings, raw: boolean): Readonly<Record<string, unknown>> {
  return { as, ...written(settings), ...(raw ? { eager: false } : {}) };
}

/** Settings as a case writes them: what is empty is left out. */
function written({ options, timers }: Settings): Readonly<Record<string, unknown>> {
  return { ...(Object.keys(options).length === 0 ? {} : { options }), ...(Object.keys(timers).length === 0 ? {} : { timers }) };
}
