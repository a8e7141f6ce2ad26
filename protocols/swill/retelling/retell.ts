import type { Party } from '../../common/frame.ts';
import { BEFORE, type Deed, type Manner, type Retelling, type Retold, type StepInWords, type Telling } from '../../common/retelling.ts';
import { fromOf, type Trace } from '../../common/trace.ts';
import { toTagged } from '../../common/value.ts';
import { kindOf } from '../classify.ts';
import { ENDPOINT, type SwillFrame } from '../frame.ts';
import { reference } from '../reference.ts';
import { applicationSteps } from './applications.ts';
import { clientsOf } from './clients.ts';
import { clientTeller, type Seen, serverTeller } from './peer.ts';
import { readerOf } from './readable.ts';
import { type Request, requestsOf } from './requests.ts';
import { givenFields, pathOfServer, upgradesOf } from './upgrades.ts';

/** Ways of telling Swill's traces again. */
export const swillRetellings: readonly Retelling<SwillFrame>[] = (['calls', 'frames'] as const).map((manner) => ({
  manner,
  retell: (trace, telling) => retell(trace, telling, manner),
}));

function retell(trace: Trace<SwillFrame>, telling: Telling, manner: Manner): Retold<SwillFrame> {
  const { underTest } = telling;
  const read = readerOf(underTest);
  const requests = requestsOf(trace, telling, read);
  const upgrades = upgradesOf(trace);
  const seen: Seen = {
    requests,
    upgrades,
    clientOf: clientsOf(trace, telling),
    path: pathOfServer(upgrades),
    closers: firstClosers(trace),
  };
  const deeds: Deed[] = [];
  const add = (deed: Deed): void => void deeds.push(deed);
  const peer = manner === 'calls' ? undefined : underTest === 'client' ? serverTeller(seen, add) : clientTeller(seen, add);
  const asks = underTest === 'client' || manner === 'calls';
  const byHand = manner === 'frames' && underTest === 'server';
  const clients = connections(trace, seen, byHand);
  for (const deed of clients.deeds) add(deed);
  for (const event of trace) {
    if (event.type === 'opened') peer?.opened(event);
    else if (event.type === 'closed') {
      peer?.closed(event);
      const client = seen.clientOf(event.connection);
      const isLast = clients.lastOf.get(client) === event.connection && !seen.closers.has(event.connection);
      if (asks && isLast && event.by === 'client' && event.how === 'fin')
        add({ n: event.n - BEFORE, by: 'application', step: { disconnect: client } });
    }
    if (event.type !== 'sent') continue;
    if (event.from !== underTest) peer?.sent(event);
    if (!asks || event.from !== 'client') continue;
    const { n, connection, frame } = event;
    const client = seen.clientOf(connection);
    const isLast = clients.lastOf.get(client) === connection && seen.closers.get(connection) === 'client';
    if (frame.class === 'closing' && isLast && isOrderly(frame.code))
      add({ n: n - BEFORE, by: 'application', step: { disconnect: client } });
    const message = read(event);
    const request = message === undefined ? undefined : requests.get(reference(connection, message.seq));
    if (message?.from !== 'client' || request === undefined) continue;
    for (const step of applicationSteps(request, message, request.n === n, client)) add({ n, by: 'application', step });
  }
  peer?.finish();
  return {
    deeds: deeds.toSorted((a, b) => a.n - b.n),
    pattern: patternOf(requests),
    needs: clients.needs,
    server: seen.path === undefined ? {} : { options: { path: seen.path } },
    unsaid: [],
  };
}

/** Whether a client ends with that code what its application does not need any more; other codes say that it was not content. */
function isOrderly(code: number | undefined): boolean {
  return code === undefined || code === 1000 || code === 1001;
}

/** Who sent the first close frame of each connection. */
function firstClosers(trace: Trace<SwillFrame>): ReadonlyMap<number, Party> {
  const closers = new Map<number, Party>();
  for (const event of trace) {
    if (event.type === 'sent' && event.frame.class === 'closing' && !closers.has(event.connection))
      closers.set(event.connection, event.from);
  }
  return closers;
}

/** The clients that there are, each set up as its first upgrade shows. `byHand`: a script dials for them. */
function connections(
  trace: Trace<SwillFrame>,
  { clientOf, upgrades, path, requests }: Seen,
  byHand: boolean,
): { readonly deeds: readonly Deed[]; readonly needs: readonly string[]; readonly lastOf: ReadonlyMap<string, number> } {
  const begun = beginnings(trace);
  const lastOf = new Map<string, number>();
  const met = new Set<string>();
  const needs = new Set<string>();
  const deeds: Deed[] = [];
  for (const event of trace) {
    if (event.type !== 'opened') continue;
    const client = clientOf(event.connection);
    lastOf.set(client, event.connection);
    if (met.has(client)) {
      if (!byHand) needs.add('reconnect');
      continue;
    }
    met.add(client);
    const request = upgrades.get(event.connection)?.request;
    const headers = request === undefined || byHand ? {} : givenFields(request);
    const own = path ?? (request === undefined || byHand ? ENDPOINT : request.path);
    const options: StepInWords = {
      ...(own === ENDPOINT ? {} : { path: own }),
      ...(Object.keys(headers).length === 0 ? {} : { headers }),
      ...(byHand ? { reconnect: false } : {}),
    };
    if ('headers' in options) needs.add('request-headers');
    const settings = Object.keys(options).length === 0 ? {} : { options };
    const n = Math.min(event.n, begun.get(client) ?? event.n) - BEFORE;
    deeds.push({ n, by: 'application', step: { connect: { as: client, ...settings, ...(byHand ? { eager: false } : {}) } } });
  }
  if (!byHand && [...requests.values()].some(({ first }) => first.type === 'METADATA')) needs.add('metadata-opening');
  return { deeds, needs: [...needs], lastOf };
}

/** Before which event the application of each client first asked for something, where the trace says it. */
function beginnings(trace: Trace<SwillFrame>): ReadonlyMap<string, number> {
  const begun = new Map<string, number>();
  for (const event of trace) {
    if (event.type === 'application' && event.role === 'client' && !begun.has(event.instance)) begun.set(event.instance, event.n);
  }
  return begun;
}

function patternOf(requests: ReadonlyMap<string, Request>): Retold<SwillFrame>['pattern'] {
  return (event) => {
    const from = fromOf(event);
    const kind = kindOf(event.frame, event.decoded);
    const message = event.decoded?.ok ? event.decoded.message : undefined;
    if (message === undefined) return { from, kind };
    const request = requests.get(reference(event.connection, message.seq));
    return { from, kind, ...(request === undefined ? { seq: toTagged(message.seq) } : { call: request.name }) };
  };
}
