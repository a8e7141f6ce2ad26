import { type Frame, type Party, peerOf, type Role } from '../../protocols/common/frame.ts';
import { EvidenceError } from '../bundles/evidence-error.ts';
import { keptFrame, type TraceRecordRead } from '../bundles/records.ts';
import { interfaceBlock, type Packet, packetBlock, sectionHeader } from './pcapng/blocks.ts';
import type { CarrierBytes, FrameWriter } from './pcapng/carrier.ts';
import { conclude, conversationsIn, endHalf, HALVES, partyOf } from './pcapng/conversation.ts';
import type { Put } from './pcapng/half.ts';
import { httpBytes } from './pcapng/http.ts';
import { respBytes } from './pcapng/resp.ts';
import { tcpBytes } from './pcapng/tcp.ts';
import { websocketBytes } from './pcapng/websocket.ts';

/** How each carrier puts frames into bytes. */
const CARRIERS: Readonly<Record<string, CarrierBytes>> = { websocket: websocketBytes, tcp: tcpBytes, http: httpBytes, resp: respBytes };

/** What is told of the capture as a whole. */
export interface CaptureFacts {
  /** What made frames of its bytes. */
  readonly carrier: string;
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
 * Throws an `EvidenceError` for a frame that the carrier cannot carry, and for a carrier whose bytes are not known here.
 */
export function pcapngOf(records: readonly TraceRecordRead[], { carrier, application, run, file }: CaptureFacts): Uint8Array[] {
  const about = `Weir's trace of ${run}: frames, order and times are those of the trace; addresses, TCP and what precedes frames are made up`;
  return [
    sectionHeader(about, application),
    interfaceBlock('client-proxy', 'What the client sent, and what reached it'),
    interfaceBlock('proxy-server', 'What the server sent, and what reached it'),
    ...packetsOf(records, carrierNamed(carrier, file), file).map(packetBlock),
  ];
}

function carrierNamed(carrier: string, file: string): CarrierBytes {
  const known = Object.hasOwn(CARRIERS, carrier) ? CARRIERS[carrier] : undefined;
  if (known === undefined)
    throw new EvidenceError(`${file}: no capture is made of ${carrier}; there is ${Object.keys(CARRIERS).join(', ')}`);
  return known;
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
  const writers = new Map<string, FrameWriter>();
  const writerOf = (connection: number, half: Role, from: Role): FrameWriter => {
    const key = `${connection} ${half} ${from}`;
    const writer = writers.get(key) ?? carrier.writer(from);
    writers.set(key, writer);
    return writer;
  };
  const undelivered = undeliveredIn(records);
  const diallers = new Map(
    records.flatMap((record) =>
      record.type === 'opened' && record.dialler !== undefined ? [[record.connection, record.dialler.role] as const] : [],
    ),
  );

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
  /** At which half of its connection a party is: whoever dialled is the client of it. */
  const halfOf = (connection: number, party: Party): Role => (party === (diallers.get(connection) ?? 'client') ? 'client' : 'server');
  const send = (half: Role, from: Role, record: FrameRecord, comments: readonly string[]): void => {
    const conversation = conversations.get(record.connection);
    if (conversation === undefined) return;
    const bytes = wireBytes(keptFrame(record.frame), writerOf(record.connection, half, from), `${file}: event ${record.n} of the trace`);
    const put = putOn(half, record.connection, record.t);
    const words = [...comments, ...wordsOf(record)];
    if (bytes === undefined) conversation.halves[half].finish(partyOf(from), put, words);
    else conversation.halves[half].send(partyOf(from), bytes, put, words);
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
        send(
          halfOf(record.connection, record.from),
          halfOf(record.connection, record.from),
          record,
          undelivered.has(record.n) ? ['not delivered'] : [],
        );
        break;
      case 'delivered':
        send(halfOf(record.connection, record.to), peerOf(halfOf(record.connection, record.to)), record, arrivalOf(record));
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
        endHalf(
          conversation.halves[halfOf(record.connection, record.by)],
          partyOf(halfOf(record.connection, record.by)),
          record.how,
          putOn(halfOf(record.connection, record.by), record.connection, record.t),
          [`ended by the ${record.by}`],
        );
        break;
      case 'application':
      case 'step':
        break;
    }
    // An end that has given up a stalled connection has ended it, although the other half goes on.
    if (conversation?.last === record.n) conclude(conversation, record.t, putOn);
  }
  // What befell a connection that never came to be.
  drafts.at(-1)?.comments.push(...waiting.map(({ text }) => text));
  return drafts;
}

type FrameRecord = Extract<TraceRecordRead, { type: 'sent' | 'delivered' }>;

function wireBytes(frame: Frame, write: FrameWriter, where: string): Uint8Array | undefined {
  try {
    return write(frame);
  } catch (error) {
    if (error instanceof RangeError) throw new EvidenceError(`${where}: ${error.message}`);
    throw error;
  }
}

/** What a frame means, and in how far it is not what was on the wire. */
function wordsOf({ summary, masked, frame }: FrameRecord): string[] {
  const part = frame.class === 'data' && frame.length !== undefined ? [`only the beginning of ${frame.length} bytes was kept`] : [];
  return [...(summary === undefined ? [] : [summary]), ...(masked === true ? ['secrets in it are masked'] : []), ...part];
}

/** The frames that reached nobody, by `n`. */
function undeliveredIn(records: readonly TraceRecordRead[]): ReadonlySet<number> {
  const arrived = new Set(records.flatMap((record) => (record.type === 'delivered' && record.of !== undefined ? [record.of] : [])));
  return new Set(records.flatMap((record) => (record.type === 'sent' && !arrived.has(record.n) ? [record.n] : [])));
}

function arrivalOf({ of, altered }: Extract<TraceRecordRead, { type: 'delivered' }>): string[] {
  if (of === undefined) return ['injected by a fault'];
  return altered ? ['altered by a fault'] : [];
}
