import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';

/** What a page may ask of the tap beside its news: faults, and which to lift, by POST with a JSON text. */
export interface FaultRequests {
  /** Without a slash before it. */
  readonly path: string;
  /** What the page has to send as `x-weir-token`, which no other page can read. */
  readonly token: string;
  /** Answers a request; one that is not this page's own is refused. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** Bytes of a request: a fault is a line. */
const LONGEST = 16 * 1024;

/** What faults are asked for. Each throws an Error that says why it cannot. */
export interface FaultActions {
  /** Arms or carries out a fault that is written in the grammar of cases. */
  strike(text: string): void;
  /** Lifts a fault at work, by its `id`. */
  lift(id: number): void;
}

/** Takes faults from the page, and which to lift. */
export function faultRequests(path: string, { strike, lift }: FaultActions): FaultRequests {
  const token = randomBytes(24).toString('base64url');
  return {
    path,
    token,
    async answer(request, response) {
      const why = refusal(request, token);
      if (why !== undefined) return say(response, 403, why);
      if (request.method !== 'POST') return say(response, 405, 'a fault is sent by POST');
      if (!/^application\/json(?:;|$)/i.test(request.headers['content-type'] ?? ''))
        return say(response, 415, 'a fault is sent as application/json');
      const text = await bodyOf(request);
      if (text === undefined) return say(response, 413, `a fault has at most ${LONGEST} bytes`);
      const asked = askedIn(text);
      if (asked === undefined) return say(response, 400, 'a fault is sent as {"fault": "cut: {}"}, and lifted as {"lift": 1}');
      try {
        if ('lift' in asked) lift(asked.lift);
        else strike(asked.fault);
      } catch (error) {
        return say(response, 422, error instanceof Error ? error.message : String(error));
      }
      say(response, 200, undefined);
    },
  };
}

/** Why a request is not this page's own. Browsers say of each where it comes from, and other pages can neither set that nor read the token. */
function refusal({ headers }: IncomingMessage, token: string): string | undefined {
  if (headers.origin !== `http://${headers.host}`) return 'only the page of this tap may ask for faults';
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return 'only the page of this tap may ask for faults';
  const [given, own] = [Buffer.from(String(headers['x-weir-token'] ?? '')), Buffer.from(token)];
  if (given.length !== own.length || !timingSafeEqual(given, own)) return 'this page is of another tap: open it anew';
  return undefined;
}

/** The text of a body; undefined where it is too long. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LONGEST) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** What a body asks for; undefined where that is nothing, or both. */
function askedIn(text: string): { readonly fault: string } | { readonly lift: number } | undefined {
  const read = askedGrammar.safeParse(jsonIn(text));
  return read.success ? read.data : undefined;
}

const askedGrammar = z.union([
  z.strictObject({ fault: z.string().refine((fault) => fault.trim() !== '') }),
  z.strictObject({ lift: z.int().positive() }),
]);

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function say(response: ServerResponse, status: number, why: string | undefined): void {
  response.writeHead(status, { 'content-type': 'application/json', ...(status === 413 ? { connection: 'close' } : {}) });
  response.end(JSON.stringify(why === undefined ? { ok: true } : { ok: false, why }));
}
