import * as z from 'zod';
import { appResult, finishParams } from '../../protocols/common/control.ts';
import type { Frame, Part } from '../../protocols/common/frame.ts';
import { inAnyWords } from '../../protocols/common/old-words.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import { type ApplicationHappening, type Decoded, senderOf, type TraceEvent } from '../../protocols/common/trace.ts';
import { fromTagged } from '../../protocols/common/value.ts';
import { type Places, startPlaces } from '../../protocols/common/whereabouts.ts';
import { fieldRecord } from '../results/field-record.ts';
import { EvidenceError } from './evidence-error.ts';

/** Grammar of one line of a trace file, as `traceRecord` writes it. Words for people (`summary`, `message`) may be there. */

const role = z.enum(['client', 'server']);
const party = z.enum(['client', 'server', 'broker']);
const base = { n: z.int().nonnegative(), t: z.number().nonnegative() };
const connection = z.int().nonnegative();
const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/, 'base64');
const kind = z.string().describe('What the carrier calls it: message, close, ping, fin, …');
const bare = { kind, data: z.object({ $bytes: base64 }) };

const part = z
  .object({
    exchange: z.int().nonnegative().describe('Which request and answer of its connection, from 0.'),
    head: z.literal(true).optional().describe('It begins its message.'),
    last: z.literal(true).optional().describe('Nothing of its message follows.'),
  })
  .describe('Where it belongs, on carriers whose messages go in several frames.');

const frame = z.preprocess(
  withClass,
  z.discriminatedUnion('class', [
    z.object({
      kind,
      class: z.literal('data'),
      text: z.boolean(),
      data: base64,
      length: z.int().optional(),
      part: part.optional(),
      sha256: z.string().optional(),
    }),
    z.object({ kind, class: z.literal('closing'), code: z.int().optional(), reason: z.string() }),
    z.object({ class: z.literal('upkeep'), ...bare }),
    z.object({ class: z.literal('opening'), ...bare }),
  ]),
);

/** A frame of a file from before there were classes: those had only WebSocket's four kinds. */
function withClass(written: unknown): unknown {
  if (typeof written !== 'object' || written === null || 'class' in written) return written;
  return { ...written, class: 'text' in written ? 'data' : 'reason' in written ? 'closing' : 'upkeep' };
}

/** Of a frame without its secrets. One that could not be read stays so, whatever its bytes are now. */
const masking = {
  masked: z.literal(true).optional().describe('Secrets in it are masked, so that its bytes are not those of the wire.'),
  undecodable: z.string().optional().describe('Why it is no message of the protocol.'),
};

/** What is written of a frame beside itself, for people and pages; judges read the frame anew. */
const words = {
  summary: z.string().optional().describe('One line for people.'),
  message: z.unknown().optional().describe('The decoded message, secrets masked, special values tagged.'),
  kind: z.string().optional().describe('Kind of message in the protocol’s own word.'),
  stream: z.string().optional().describe('The stream it belongs to, as traces name it when they are compared: main/chat.'),
  fields: z
    .array(fieldRecord)
    .optional()
    .describe('Which bytes make which member, outer ones first; of a sent frame, and of one that a fault made.'),
};

const call = z.string();
const beside = { metadata: z.unknown().optional() };
const told = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('connect') }),
  z.object({ kind: z.literal('serve') }),
  z.object({ kind: z.literal('stop') }),
  z.object({
    kind: z.literal('invoke'),
    call,
    procedure: z.string().optional(),
    value: z.unknown().optional(),
    ...beside,
    credit: z.int().optional(),
  }),
  z.object({ kind: z.literal('send'), call, value: z.unknown(), ...beside }),
  z.object({ kind: z.literal('credit'), call, n: z.int() }),
  finishParams.extend({ kind: z.literal('finish') }),
  z.object({ kind: z.literal('cancel'), call }),
  z.object({ kind: z.literal('disconnect') }),
  z.object({ kind: z.literal('start'), call, ...beside }),
  z.object({ kind: z.literal('message'), call, result: appResult }),
  z.object({ kind: z.literal('end'), call, ...beside }),
  z.object({ kind: z.literal('status'), status: z.string(), detail: z.unknown() }),
  z.object({
    kind: z.literal('handler'),
    procedure: z.string().optional(),
    run: z.string(),
    event: z.string(),
    value: z.unknown(),
    ...beside,
  }),
]);
/** What an application did or was told; the values of calls were called `init` and `request` before. */
const happening = inAnyWords(told, { init: 'value', request: 'value' });

/** One record of a trace. */
export const recordGrammar = z.discriminatedUnion('type', [
  z.object({
    ...base,
    type: z.literal('opened'),
    connection,
    server: z.string().optional().describe('The server that was dialled, where it is not the one that is there without a step.'),
    dialler: z
      .object({ role, instance: z.string() })
      .optional()
      .describe('Who dialled the broker; absent where there is none: then a client dialled a server.'),
  }),
  z.object({ ...base, type: z.literal('sent'), connection, from: party, frame, ...masking, ...words }),
  z.object({
    ...base,
    type: z.literal('delivered'),
    connection,
    to: party,
    from: party.optional().describe('Who sent it, in runs with a broker.'),
    of: z.int().optional().describe('n of the sent frame it comes from; absent where a fault injected it.'),
    altered: z.boolean().describe('Whether a fault changed it on its way.'),
    frame,
    ...masking,
    ...words,
  }),
  z.object({
    ...base,
    type: z.literal('closed'),
    connection,
    by: z.enum(['client', 'server', 'broker', 'proxy']),
    how: z.enum(['close', 'fin', 'rst']),
    code: z.int().optional(),
  }),
  z.object({ ...base, type: z.literal('fault'), connection: connection.optional(), what: z.string() }),
  z.object({
    ...base,
    type: z.literal('carrier'),
    connection,
    from: party,
    problem: z.object({
      ...{ kind: z.string(), detail: z.string(), text: z.string(), own: z.literal(true).optional() },
      allowed: z.literal(true).optional().describe('An end may do that: where nothing is known of the ends, it is nobody’s fault.'),
    }),
  }),
  z.object({ ...base, type: z.literal('application'), role, instance: z.string(), event: happening }),
  z.object({ ...base, type: z.literal('step'), step: z.int().nonnegative(), phase: z.enum(['begin', 'end']) }),
]);

/** One record of a trace. */
export type TraceRecordRead = z.infer<typeof recordGrammar>;

/** Reads the records of a file as they are. Throws an `EvidenceError` on the first that is none or is out of order; `where` names the file. */
export function readRecords(records: readonly unknown[], where: string): TraceRecordRead[] {
  return records.map((value, i) => {
    const parsed = recordGrammar.safeParse(value);
    if (!parsed.success) throw new EvidenceError(`${where}: event ${i} of the trace: ${firstIssue(parsed.error)}`);
    if (parsed.data.n !== i)
      throw new EvidenceError(`${where}: event ${i} of the trace says it is event ${parsed.data.n}; lines are missing`);
    return parsed.data;
  });
}

/**
 * Rebuilds trace events from the records of a file; frames are decoded anew, so a binding that has learned reads them better
 * than the run did. `where` names the file in errors. Throws an `EvidenceError` on the first record that is none, is out of
 * order, or carries a malformed value.
 */
export function readEvents(records: readonly unknown[], protocol: Protocol, binding: string, where: string): TraceEvent[] {
  const places = startPlaces(binding);
  return readRecords(records, where).map((record) => readEvent(record, protocol, places, where));
}

/** Rebuilds one event, and keeps in `places` what it opens. Throws an `EvidenceError` where a value is malformed, or of a frame only its beginning was kept. */
export function readEvent(record: TraceRecordRead, protocol: Protocol, places: Places, where: string): TraceEvent {
  try {
    return eventOf(record, protocol, places);
  } catch (error) {
    throw new EvidenceError(`${where}: event ${record.n} of the trace: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The first thing that a schema found wrong: where, and what. */
export function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'it is malformed';
  const path = issue.path.map(String).join('.');
  return path === '' ? issue.message : `${path}: ${issue.message}`;
}

function eventOf(record: TraceRecordRead, protocol: Protocol, places: Places): TraceEvent {
  switch (record.type) {
    case 'sent': {
      const { n, t, type, connection, from, masked } = record;
      return { n, t, type, connection, from, ...framesOf(record, protocol, places), ...(masked ? { masked } : {}) };
    }
    case 'delivered': {
      const { n, t, type, connection, to, from, of, altered, masked } = record;
      const sender = from === undefined ? {} : { from };
      return { n, t, type, connection, to, ...sender, of, altered, ...framesOf(record, protocol, places), ...(masked ? { masked } : {}) };
    }
    case 'closed':
      return { ...record, code: record.code };
    case 'fault':
      return { ...record, connection: record.connection };
    case 'application':
      // What the grammar lets through is a happening once its values are untagged.
      return { ...record, event: fromTagged(record.event) as ApplicationHappening };
    case 'opened': {
      const { server, dialler, ...rest } = record;
      return { ...rest, ...(server === undefined ? {} : { server }), ...(dialler === undefined ? {} : { dialler }) };
    }
    case 'carrier':
    case 'step':
      return record;
  }
}

function framesOf(
  record: Extract<TraceRecordRead, { type: 'sent' | 'delivered' }>,
  protocol: Protocol,
  places: Places,
): { readonly frame: Frame; readonly decoded: Decoded<unknown> | undefined } {
  const { frame: written, masked, undecodable, connection } = record;
  const read = frameOf(written);
  if (record.type === 'sent') places.learn(connection, read);
  if (read.class !== 'data') return { frame: read, decoded: undefined };
  const stays = masked === true && undecodable !== undefined;
  const at = places.of(
    connection,
    record.type === 'sent' ? record.from : senderOf({ to: record.to, ...(record.from === undefined ? {} : { from: record.from }) }),
    read.part,
  );
  return { frame: read, decoded: stays ? { ok: false, error: undecodable } : protocol.decode(read, at) };
}

function frameOf(written: WrittenFrame): Frame {
  if (written.class === 'data' && written.length !== undefined) {
    throw new EvidenceError(
      `only the beginning of this frame of ${written.length} bytes was kept, so the trace can be read but not judged`,
    );
  }
  return keptFrame(written);
}

/** A frame as the proxy makes it. */
type WrittenFrame = z.infer<typeof frame>;

/** As much of a frame as was kept. */
export function keptFrame(written: WrittenFrame): Frame {
  const { kind } = written;
  switch (written.class) {
    case 'data':
      return {
        kind,
        class: written.class,
        text: written.text,
        data: bytes(written.data),
        ...(written.part === undefined ? {} : { part: partOf(written.part) }),
      };
    case 'closing':
      return { kind, class: written.class, code: written.code, reason: written.reason };
    case 'upkeep':
    case 'opening':
      return { kind, class: written.class, data: bytes(written.data.$bytes) };
  }
}

function partOf({ exchange, head, last }: z.infer<typeof part>): Part {
  return { exchange, ...(head === undefined ? {} : { head }), ...(last === undefined ? {} : { last }) };
}

function bytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}
