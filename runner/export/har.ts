import { gunzipSync } from 'node:zlib';
import { type HttpField, type HttpHead, joinedValue, readHead, readTrailers } from '../../protocols/carriers/http/head.ts';
import { concatenate } from '../../protocols/common/byte-queue.ts';
import type { Party } from '../../protocols/common/frame.ts';
import { jsonText } from '../../protocols/common/plain.ts';
import type { TraceRecordRead } from '../bundles/records.ts';

/** What is told of the archive as a whole. */
export interface ArchiveFacts {
  /** Version of what writes it. */
  readonly version: string;
  /** Id of the case-run. */
  readonly run: string;
}

/** Longest body that is told without its gzip, bytes. */
const LONGEST_OPENED = 16 * 1024 * 1024;

type Sent = Extract<TraceRecordRead, { type: 'sent' }>;

/** What one end wrote of an exchange: its last head (answers below 200 come before it), its body, its trailers. */
interface Message {
  readonly head: HttpHead | undefined;
  readonly headBytes: number;
  readonly body: Uint8Array;
  readonly trailers: readonly HttpField[];
  readonly began: number;
  readonly ended: number;
}

/** A request of a connection, and what was answered. */
interface Exchange {
  readonly connection: number;
  readonly number: number;
  readonly frames: Record<'client' | 'server', Sent[]>;
}

/**
 * A trace of HTTP as an archive (HAR 1.2): each request as it was sent and what was answered to it, whatever faults made of them on their
 * way. Times are those of the trace, from 1970 on. Bodies that are no text are in base64; an exchange without an answer has the status 0, as
 * browsers have it. Names that begin with `_` are not HAR's.
 */
export function harOf(records: readonly TraceRecordRead[], { version, run }: ArchiveFacts): string {
  const faults = records.flatMap((record) => (record.type === 'fault' ? [`fault at ${record.t} ms: ${record.what}`] : []));
  const log = {
    version: '1.2',
    creator: { name: 'Weir', version },
    comment: [`Weir's trace of ${run}: requests and answers as they were sent`, ...faults].join('\n'),
    pages: [],
    entries: exchangesIn(records).map(entryOf),
  };
  return `${jsonText({ log })}\n`;
}

function exchangesIn(records: readonly TraceRecordRead[]): readonly Exchange[] {
  const found = new Map<string, Exchange>();
  for (const record of records) {
    if (record.type !== 'sent' || record.frame.class !== 'data' || record.frame.part === undefined || record.from === 'broker') continue;
    const { exchange: number } = record.frame.part;
    const key = `${record.connection}/${number}`;
    const exchange = found.get(key) ?? { connection: record.connection, number, frames: { client: [], server: [] } };
    found.set(key, exchange);
    exchange.frames[record.from].push(record);
  }
  return [...found.values()];
}

function entryOf({ connection, number, frames }: Exchange) {
  const request = messageOf(frames.client, 'client');
  const response = messageOf(frames.server, 'server');
  const send = request.ended - request.began;
  const wait = Math.max(0, response.began - request.ended);
  const receive = response.ended - response.began;
  return {
    startedDateTime: new Date(request.began).toISOString(),
    time: send + wait + receive,
    request: requestOf(request),
    response: responseOf(response),
    cache: {},
    timings: { send, wait, receive },
    connection: String(connection),
    comment: `exchange ${number} of connection ${connection}`,
  };
}

function messageOf(frames: readonly Sent[], from: Exclude<Party, 'broker'>): Message {
  const kind = from === 'client' ? 'request' : 'response';
  const bodies: Uint8Array[] = [];
  let head: HttpHead | undefined;
  let headBytes = 0;
  let trailers: readonly HttpField[] = [];
  for (const { frame } of frames) {
    if (frame.class !== 'data') continue;
    const data = Buffer.from(frame.data, 'base64');
    if (frame.part?.head === true) {
      const read = readHead(data, kind);
      head = read.ok ? read.value : undefined;
      headBytes = data.length;
    } else if (frame.kind === 'end') {
      const read = readTrailers(data);
      trailers = read.ok ? read.value : [];
    } else bodies.push(data);
  }
  return { head, headBytes, body: concatenate(bodies), trailers, began: frames[0]?.t ?? 0, ended: frames.at(-1)?.t ?? 0 };
}

function requestOf({ head, headBytes, body, trailers }: Message) {
  const told = head?.kind === 'request' ? head : undefined;
  const fields = told?.fields ?? [];
  const url = urlOf(told?.target ?? '', joinedValue(fields, 'host') ?? 'localhost');
  return {
    method: told?.method ?? '',
    url,
    httpVersion: `HTTP/${told?.version ?? '1.1'}`,
    ...common(fields, headBytes, body, trailers),
    queryString: URL.canParse(url) ? Array.from(new URL(url).searchParams, ([name, value]) => ({ name, value })) : [],
    ...(body.length === 0
      ? {}
      : { postData: { mimeType: joinedValue(fields, 'content-type') ?? '', ...contentOf(opened(body, fields), '_encoding') } }),
  };
}

function responseOf({ head, headBytes, body, trailers }: Message) {
  const told = head?.kind === 'response' ? head : undefined;
  const fields = told?.fields ?? [];
  const content = opened(body, fields);
  return {
    status: told?.status ?? 0,
    statusText: told?.reason ?? '',
    httpVersion: `HTTP/${told?.version ?? '1.1'}`,
    ...common(fields, headBytes, body, trailers),
    content: {
      size: content.length,
      ...(content === body ? {} : { compression: content.length - body.length }),
      mimeType: joinedValue(fields, 'content-type') ?? '',
      ...contentOf(content, 'encoding'),
    },
    redirectURL: joinedValue(fields, 'location') ?? '',
  };
}

function common(fields: readonly HttpField[], headersSize: number, body: Uint8Array, trailers: readonly HttpField[]) {
  return {
    cookies: [],
    headers: fields.map(({ name, value }) => ({ name, value })),
    headersSize,
    bodySize: body.length,
    ...(trailers.length === 0 ? {} : { _trailers: trailers.map(({ name, value }) => ({ name, value })) }),
  };
}

/** A body without the gzip around it, as archives have it; as it is where it is none, or would be longer than anybody looks at. */
function opened(body: Uint8Array, fields: readonly HttpField[]): Uint8Array {
  if (joinedValue(fields, 'content-encoding') !== 'gzip') return body;
  try {
    return gunzipSync(body, { maxOutputLength: LONGEST_OPENED });
  } catch {
    return body;
  }
}

/** A body as text, or in base64 where it is none; `encoding` is how that is said there. */
function contentOf(body: Uint8Array, encoding: string): Record<string, string> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    if (!CONTROLS.test(text)) return { text };
  } catch {
    // No UTF-8.
  }
  return { text: Buffer.from(body).toString('base64'), [encoding]: 'base64' };
}

/** What no text holds but line ends and tabs. */
const CONTROLS = /[^\P{Cc}\t\r\n]/u;

function urlOf(target: string, host: string): string {
  return target.startsWith('/') ? `http://${host}${target}` : target;
}
