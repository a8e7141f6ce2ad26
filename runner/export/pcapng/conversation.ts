import type { CarrierProblem } from '../../../protocols/common/carrier.ts';
import type { Role } from '../../../protocols/common/frame.ts';
import type { TraceRecordRead } from '../../bundles/records.ts';
import { Half, type Party, type Put } from './half.ts';
import type { Address } from './segment.ts';

/** The halves of a connection, which are the interfaces of the capture, by index. */
export const HALVES = ['client', 'server'] as const;

/** The networks for documentation (RFC 5737): one for each half. */
const HOSTS = {
  client: [192, 0, 2, 1],
  proxyToClient: [192, 0, 2, 2],
  proxyToServer: [198, 51, 100, 2],
  server: [198, 51, 100, 1],
} as const;

/** Ports of who dials begin here. */
const FIRST_PORT = 10_000;
const PORTS = 50_000;

/** A connection in both halves. */
export interface Conversation {
  readonly halves: Readonly<Record<Role, Half>>;
  /** `n` of the last event at which something passed, or it ended. */
  readonly last: number;
  readonly problem: CarrierProblem | undefined;
  readonly authority: Readonly<Record<Role, string>>;
  closed: Extract<TraceRecordRead, { type: 'closed' }> | undefined;
}

/** The connections of a trace; `port`: where the dialled end listens. */
export function conversationsIn(records: readonly TraceRecordRead[], port: number): ReadonlyMap<number, Conversation> {
  const last = new Map<number, number>();
  const problems = new Map<number, CarrierProblem>();
  for (const record of records) {
    if ('connection' in record && record.connection !== undefined && record.type !== 'fault') last.set(record.connection, record.n);
    if (record.type === 'carrier' && !problems.has(record.connection)) problems.set(record.connection, record.problem);
  }
  return new Map(
    Array.from(last, ([connection, n]): [number, Conversation] => {
      const own = FIRST_PORT + (connection % PORTS);
      const at = (host: Address['host'], number: number): Address => ({ host, port: number });
      const halves = {
        client: new Half(at(HOSTS.client, own), at(HOSTS.proxyToClient, port)),
        server: new Half(at(HOSTS.proxyToServer, own), at(HOSTS.server, port)),
      };
      const authority = { client: HOSTS.proxyToClient.join('.'), server: HOSTS.server.join('.') };
      return [connection, { halves, last: n, problem: problems.get(connection), authority, closed: undefined }];
    }),
  );
}

/** Ends what of a connection is still open, as the proxy does when one end has ended it, or of its own accord; nothing of one that did not end. */
export function conclude({ halves, closed }: Conversation, t: number, putOn: (half: Role, connection: number, t: number) => Put): void {
  if (closed === undefined) return;
  for (const half of HALVES) {
    const put = putOn(half, closed.connection, t);
    const comments = closed.by === 'proxy' ? ['ended by the proxy'] : [];
    // The half of whoever ended it has its end already; there the proxy only answers.
    if (half === closed.by && closed.how === 'rst') continue;
    endHalf(halves[half], half === 'client' ? 'dialled' : 'dialling', closed.how, put, half === closed.by ? [] : comments);
    if (closed.how !== 'rst') halves[half].finish(partyOf(half), put);
  }
}

/** One end of a half ends it. */
export function endHalf(half: Half, from: Party, how: 'close' | 'fin' | 'rst', put: Put, comments: readonly string[]): void {
  if (how === 'rst') half.abort(from, put, comments);
  else half.finish(from, put, comments);
}

/** Who sends, in either half, what goes away from a role: the client dials the proxy, the proxy dials the server. */
export function partyOf(from: Role): Party {
  return from === 'client' ? 'dialling' : 'dialled';
}
