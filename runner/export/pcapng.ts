import type { CarrierProblem } from '../../protocols/common/carrier.ts';
import type { Frame, Role } from '../../protocols/common/frame.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import { EvidenceError } from '../bundles/evidence-error.ts';
import { keptFrame, type TraceRecordRead } from '../bundles/records.ts';
import { interfaceBlock, type Packet, packetBlock, sectionHeader } from './pcapng/blocks.ts';
import type { CarrierBytes } from './pcapng/carrier.ts';
import { Half, type Party, type Put } from './pcapng/half.ts';
import type { Address } from './pcapng/segment.ts';
import { websocketBytes } from './pcapng/websocket.ts';

/** How each carrier puts frames into bytes. */
const CARRIERS: Readonly<Record<Protocol['transport'], CarrierBytes>> = { websocket: websocketBytes };

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

/** The halves of a connection, which are the interfaces of the capture, by index. */
const HALVES = ['client', 'server'] as const;

/** What is told of the capture as a whole. */
export interface CaptureFacts {
  readonly transport: Protocol['transport'];
  /** Name and version of what writes it. */
  readonly application: string;
  /** Id of the case-run. */
  readonly run: string;
  /** The trace's file, for errors. */
  readonly file: string;
}

/**
 * A trace as a pcapng capture: what passed between client and proxy on one interface, between proxy and server on the other, each
 * connection as a TCP connection in each. Addresses, ports, segments, handshakes and the carrier's preamble are made up, since a
 * trace does not hold them; order, times and frames are those of the trace. Comments say what faults did and what frames mean.
 * Throws an `EvidenceError` for a frame that the carrier cannot carry.
 */
export function pcapngOf(records: readonly TraceRecordRead[], { transport, application, run, file }: CaptureFacts): Uint8Array[] {
  const about = `Weir's trace of ${run}: frames, order and times are those of the trace; addresses, TCP and what precedes frames are made up`;
  return [
    sectionHeader(about, application),
    interfaceBlock('client-proxy', 'What the client sent, and what reached it'),
    interfaceBlock('proxy-server', 'What the server sent, and what reached it'),
    ...packetsOf(records, CARRIERS[transport], file).map(packetBlock),
  ];
}

/** A connection in both halves. */
interface Conversation {
  readonly halves: Readonly<Record<Role, Half>>;
  /** `n` of its last event. */
  readonly last: number;
  readonly problem: CarrierProblem | undefined;
  readonly authority: Readonly<Record<Role, string>>;
  closed: Extract<TraceRecordRead, { type: 'closed' }> | undefined;
}

interface Draft extends Omit<Packet, 'comments'> {
  readonly comments: string[];
}

function packetsOf(records: readonly TraceRecordRead[], carrier: CarrierBytes, file: string): readonly Packet[] {
  const drafts: Draft[] = [];
  /** The latest of each connection, and of all. */
  const latest = new Map<number | undefined, Draft>();
  /** Comments of what has no packet before it. */
  const waiting: { readonly connection: number | undefined; readonly text: string }[] = [];
  const conversations = conversationsIn(records, carrier.port);
  const fates = fatesOf(records);

  // What a fault does is told at the first packet of what happened before it: those behind are acknowledgements.
  const putOn = (half: Role, connection: number, t: number): Put => {
    let isFirst = true;
    return (bytes, comments) => {
      const due = waiting.filter((each) => each.connection === undefined || each.connection === connection);
      for (const each of due) waiting.splice(waiting.indexOf(each), 1);
      const draft = { on: HALVES.indexOf(half), t, bytes, comments: [...due.map(({ text }) => text), ...comments] };
      drafts.push(draft);
      if (isFirst) for (const key of [connection, undefined]) latest.set(key, draft);
      isFirst = false;
    };
  };
  const remark = (connection: number | undefined, text: string): void => {
    const draft = latest.get(connection);
    if (draft === undefined) waiting.push({ connection, text });
    else draft.comments.push(text);
  };
  const send = (half: Role, from: Role, record: FrameRecord, comments: readonly string[]): void => {
    const conversation = conversations.get(record.connection);
    if (conversation === undefined) return;
    const bytes = wireBytes(keptFrame(record.frame), from, carrier, `${file}: event ${record.n} of the trace`);
    conversation.halves[half].send(partyOf(from), bytes, putOn(half, record.connection, record.t), [...comments, ...wordsOf(record)]);
  };

  for (const record of records) {
    const conversation = 'connection' in record && record.connection !== undefined ? conversations.get(record.connection) : undefined;
    switch (record.type) {
      case 'opened':
        if (conversation === undefined) break;
        for (const half of HALVES) {
          const put = putOn(half, record.connection, record.t);
          conversation.halves[half].open(put, [`connection ${record.connection} of the trace`]);
          for (const { from, bytes } of carrier.preamble(conversation.authority[half], conversation.problem))
            conversation.halves[half].send(partyOf(from), bytes, put, ['made up: a trace does not hold it']);
        }
        break;
      case 'sent':
        send(record.from, record.from, record, fates.get(record.n) ?? []);
        break;
      case 'delivered':
        send(record.to, record.to === 'client' ? 'server' : 'client', record, arrivalOf(record));
        break;
      case 'fault':
        remark(record.connection, `fault: ${record.what}`);
        break;
      case 'carrier':
        remark(record.connection, `the ${record.from} ${record.problem.text}`);
        break;
      case 'closed':
        if (conversation === undefined) break;
        conversation.closed = record;
        if (record.by === 'proxy') break;
        end(conversation.halves[record.by], partyOf(record.by), record.how, putOn(record.by, record.connection, record.t), [
          `ended by the ${record.by}`,
        ]);
        break;
      case 'application':
      case 'step':
        break;
    }
    // An end that has given up a stalled connection has ended it, although the other half goes on.
    if (conversation?.last === record.n && conversation.closed !== undefined) conclude(conversation, record, putOn);
  }
  return drafts;
}

/** Ends what of a connection is still open, as the proxy does when one end has ended it, or of its own accord. */
function conclude(
  { halves, closed }: Conversation,
  { t }: TraceRecordRead,
  putOn: (half: Role, connection: number, t: number) => Put,
): void {
  if (closed === undefined) return;
  for (const half of HALVES) {
    const put = putOn(half, closed.connection, t);
    const comments = closed.by === 'proxy' ? ['ended by the proxy'] : [];
    // The half of whoever ended it has its end already; there the proxy only answers.
    if (half === closed.by && closed.how === 'rst') continue;
    end(halves[half], half === 'client' ? 'dialled' : 'dialling', closed.how, put, half === closed.by ? [] : comments);
    if (closed.how !== 'rst') halves[half].finish(partyOf(half), put);
  }
}

function end(half: Half, from: Party, how: 'close' | 'fin' | 'rst', put: Put, comments: readonly string[]): void {
  if (how === 'rst') half.abort(from, put, comments);
  else half.finish(from, put, comments);
}

/** Who sends, in either half, what goes away from a role: the client dials the proxy, the proxy dials the server. */
function partyOf(from: Role): Party {
  return from === 'client' ? 'dialling' : 'dialled';
}

type FrameRecord = Extract<TraceRecordRead, { type: 'sent' | 'delivered' }>;

function wireBytes(frame: Frame, from: Role, carrier: CarrierBytes, where: string): Uint8Array {
  try {
    return carrier.bytesOf(frame, from);
  } catch (error) {
    if (error instanceof RangeError) throw new EvidenceError(`${where}: ${error.message}`);
    throw error;
  }
}

/** What a frame means, and in how far it is not what was on the wire. */
function wordsOf({ summary, masked, frame }: FrameRecord): string[] {
  const part = frame.kind === 'message' && frame.length !== undefined ? [`only the beginning of ${frame.length} bytes was kept`] : [];
  return [...(summary === undefined ? [] : [summary]), ...(masked === true ? ['secrets in it are masked'] : []), ...part];
}

/** What became of the frames that did not simply arrive, by `n` of where they were sent. */
function fatesOf(records: readonly TraceRecordRead[]): ReadonlyMap<number, string[]> {
  const arrived = new Set(records.flatMap((record) => (record.type === 'delivered' && record.of !== undefined ? [record.of] : [])));
  return new Map(records.flatMap((record) => (record.type === 'sent' && !arrived.has(record.n) ? [[record.n, ['not delivered']]] : [])));
}

function arrivalOf({ of, altered }: Extract<TraceRecordRead, { type: 'delivered' }>): string[] {
  if (of === undefined) return ['injected by a fault'];
  return altered ? ['altered by a fault'] : [];
}

function conversationsIn(records: readonly TraceRecordRead[], port: number): ReadonlyMap<number, Conversation> {
  const last = new Map<number, number>();
  const problems = new Map<number, CarrierProblem>();
  for (const record of records) {
    if ('connection' in record && record.connection !== undefined) last.set(record.connection, record.n);
    if (record.type === 'carrier' && !problems.has(record.connection)) problems.set(record.connection, record.problem);
  }
  return new Map(
    Array.from(last, ([connection, n]): [number, Conversation] => {
      const own = FIRST_PORT + (connection % PORTS);
      const at = (host: Address['host'], port_: number): Address => ({ host, port: port_ });
      const halves = {
        client: new Half(at(HOSTS.client, own), at(HOSTS.proxyToClient, port)),
        server: new Half(at(HOSTS.proxyToServer, own), at(HOSTS.server, port)),
      };
      const authority = { client: HOSTS.proxyToClient.join('.'), server: HOSTS.server.join('.') };
      return [connection, { halves, last: n, problem: problems.get(connection), authority, closed: undefined }];
    }),
  );
}
