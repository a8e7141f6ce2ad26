import { BEFORE, type Deed, type Manner, type Retelling, type Retold, type StepInWords, type Telling } from '../../common/retelling.ts';
import { fromOf, type Trace } from '../../common/trace.ts';
import { toTagged } from '../../common/value.ts';
import { formOf } from '../bindings.ts';
import { kindOf } from '../classify.ts';
import type { ConnectMessage } from '../message.ts';
import { splitFields } from '../metadata.ts';
import { reference } from '../reference.ts';
import { type Exchange, exchangesOf } from './exchanges.ts';
import { PeerTeller } from './peer.ts';

/** Ways of telling Connect's traces again. */
export const connectRetellings: readonly Retelling<ConnectMessage>[] = (['calls', 'frames'] as const).map((manner) => ({
  manner,
  retell: (trace, telling) => retell(trace, telling, manner),
}));

function retell(trace: Trace<ConnectMessage>, telling: Telling, manner: Manner): Retold<ConnectMessage> {
  const { underTest } = telling;
  const exchanges = exchangesOf(trace, telling);
  const deeds: Deed[] = [];
  const add = (deed: Deed): void => void deeds.push(deed);
  const { codec } = formOf(telling.binding);
  const peer = manner === 'calls' ? undefined : new PeerTeller(underTest === 'client' ? 'server' : 'client', codec, exchanges, add);
  const asks = underTest === 'client' || manner === 'calls';
  for (const event of trace) {
    if (event.type === 'opened') peer?.opened(event);
    else if (event.type === 'closed') {
      if (asks && event.by === 'client')
        for (const call of abandoned(exchanges, event, telling)) add({ n: event.n, by: 'application', step: { cancel: call } });
      peer?.closed(event);
    } else if (event.type === 'sent') {
      if (event.from !== underTest) peer?.sent(event);
      else peer?.flush();
      const message = event.decoded?.ok ? event.decoded.message : undefined;
      const exchange = message === undefined ? undefined : exchanges.get(reference(event.connection, message.exchange));
      if (!asks || event.from !== 'client' || message === undefined || exchange === undefined) continue;
      for (const step of applicationSteps(exchange, message)) add({ n: event.n, by: 'application', step });
    }
  }
  peer?.flush();
  if (manner === 'frames' && underTest === 'client') {
    const manual = [...new Set([...exchanges.values()].map(({ request }) => request.procedure))];
    if (manual.length > 0) add({ n: -1, by: 'peer', step: { peer: { manual } } });
  }
  if (asks) for (const deed of deadlines(exchanges, trace, telling)) add(deed);
  if (asks) for (const deed of connections(exchanges, telling)) add(deed);
  return { deeds: deeds.toSorted((a, b) => a.n - b.n), pattern: patternOf(exchanges), needs: needsOf(exchanges), server: {}, unsaid: [] };
}

/** What a frame of a request shows that the application asked for. */
function applicationSteps(exchange: Exchange, message: ConnectMessage): readonly StepInWords[] {
  const { name, kind, request, first, handle } = exchange;
  const many = kind === 'client-stream' || kind === 'bidi-stream';
  const finish = many && message.last ? [{ finish: name }] : [];
  switch (message.type) {
    case 'request': {
      const { leading } = splitFields(request.fields);
      const asked = request.method === 'GET' ? 'get' : kind === 'get' ? 'unary' : kind;
      const at = handle === 'main' ? {} : { at: handle };
      const value = many || first === undefined ? {} : { value: toTagged(first) };
      const metadata = Object.keys(leading).length === 0 ? {} : { metadata: toTagged(leading) };
      return [
        {
          invoke: { as: name, ...at, procedure: request.procedure, ...(asked === undefined ? {} : { kind: asked }), ...value, ...metadata },
        },
      ];
    }
    case 'message':
      return many ? [{ send: { to: name, value: toTagged(message.value ?? {}) } }, ...finish] : [];
    default:
      return finish;
  }
}

/** Calls that a client gave up by ending their connection, and not because their time was over. */
function abandoned(
  exchanges: ReadonlyMap<string, Exchange>,
  { n, t, connection }: { n: number; t: number; connection: number },
  { timeScale }: Telling,
): string[] {
  return [...exchanges.values()].flatMap((each) => {
    const over = each.timeoutMs !== undefined && t - each.t >= each.timeoutMs - SLACK_MS * timeScale;
    return each.connection === connection && each.n < n && (each.answered ?? n) >= n && !over ? [each.name] : [];
  });
}

/** Deadlines of calls that are open when the trace is over are waited for. */
function deadlines(exchanges: ReadonlyMap<string, Exchange>, trace: Trace<ConnectMessage>, { timeScale }: Telling): readonly Deed[] {
  const last = trace.at(trace.length - 1);
  const left = [...exchanges.values()].flatMap(({ timeoutMs, answered, t }) =>
    timeoutMs === undefined || answered !== undefined ? [] : [t + timeoutMs - (last?.t ?? 0)],
  );
  const most = Math.max(0, ...left);
  if (last === undefined || most === 0) return [];
  return [
    {
      n: last.n,
      by: 'application',
      step: { quiet: { for: Math.ceil(most / timeScale) + LATE_MS, no: { from: 'server', kind: 'request' } } },
    },
  ];
}

/** How much later than its time a client may give a call up, nominal ms. */
const LATE_MS = 500;

/** How much before its time a deadline may seem to be over, nominal ms. */
const SLACK_MS = 20;

/** The clients that calls need: one for each deadline. */
function connections(exchanges: ReadonlyMap<string, Exchange>, { timeScale }: Telling): readonly Deed[] {
  const met = new Set<string>();
  return [...exchanges.values()].flatMap(({ handle, timeoutMs, n, request }) => {
    if (met.has(handle)) return [];
    met.add(handle);
    const prefix = request.path.slice(0, -(request.procedure.length + 1));
    const timers = timeoutMs === undefined ? {} : { timers: { timeoutMs: Math.round(timeoutMs / timeScale) } };
    const options = prefix === '' ? {} : { options: { prefix } };
    if (handle === 'main' && timeoutMs === undefined && prefix === '') return [];
    return [{ n: Math.min(n, -1) - BEFORE, by: 'application', step: { connect: { as: handle, ...timers, ...options, eager: false } } }];
  });
}

function needsOf(exchanges: ReadonlyMap<string, Exchange>): readonly string[] {
  const all = [...exchanges.values()];
  return [
    ...(all.some(({ request }) => request.method === 'GET') ? ['get'] : []),
    ...(all.some(({ kind }) => kind === 'bidi-stream') ? ['bidi'] : []),
  ];
}

function patternOf(exchanges: ReadonlyMap<string, Exchange>): Retold<ConnectMessage>['pattern'] {
  return (event) => {
    const from = fromOf(event);
    const message = event.decoded?.ok ? event.decoded.message : undefined;
    const exchange = message === undefined ? undefined : exchanges.get(reference(event.connection, message.exchange));
    return { from, kind: kindOf(event.frame, event.decoded), ...(exchange === undefined ? {} : { call: exchange.name }) };
  };
}
