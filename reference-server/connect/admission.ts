import { type HttpField, joinedValue, listOf, type RequestHead } from '../../protocols/carriers/http/head.ts';
import { type Codec, codecNamed } from '../../protocols/connect/codec.ts';
import { ENCODINGS, type Encoding, encodingOf, isEncoding, readContentType } from '../../protocols/connect/content.ts';
import { procedureIn } from '../../protocols/connect/decode.ts';
import { type ConnectError, failure } from '../../protocols/connect/errors.ts';
import { readQuery } from '../../protocols/connect/get.ts';
import type { Procedure } from '../../protocols/connect/schema.ts';

/** What is known of a request from its head. */
export interface Admitted {
  readonly procedure: Procedure;
  readonly codec: Codec;
  /** Of what comes. */
  readonly encoding: string;
  /** Of what goes. */
  readonly answers: Encoding | 'identity';
  /** Until when it is to be answered, in ms from now; undefined: there is no limit. */
  readonly timeoutMs: number | undefined;
  /** Why the call fails at once, in Connect's words. */
  readonly error: ConnectError | undefined;
}

/** How a request is met: as a call, or turned away in the words of HTTP, with an empty body or a text. */
export type Admission =
  | { readonly ok: true; readonly call: Admitted }
  | { readonly ok: false; readonly status: number; readonly reason: string; readonly fields: readonly HttpField[] };

/** Decides about a request by its head, in the order of the implementer's notes: path, method, type, then what makes a call fail. */
export function admit(
  { method, target, version, fields }: RequestHead,
  procedures: ReadonlyMap<string, Procedure>,
  compresses: boolean,
): Admission {
  const procedure = procedures.get(procedureIn(target.split('?')[0] ?? ''));
  if (procedure === undefined) return away(404, 'Not Found');
  const isGet = method === 'GET' && procedure.isFree;
  if (method !== 'POST' && !isGet)
    return away(405, 'Method Not Allowed', [{ name: 'Allow', value: procedure.isFree ? 'GET, POST' : 'POST' }]);
  const isStream = procedure.kind !== 'unary';
  // It is answered in chunks, which HTTP/1.0 does not know (RFC 9112, 6.1).
  if (isStream && version === '1.0') return away(505, 'HTTP Version Not Supported');
  const query = isGet ? readQuery(target) : undefined;
  const content = query === undefined ? readContentType(joinedValue(fields, 'content-type')) : undefined;
  const codec = query === undefined ? content?.codec : codecNamed(query.encoding ?? '');
  if (codec === undefined || (content !== undefined && content.isStream !== isStream)) {
    const posts = isStream ? 'application/connect+proto, application/connect+json' : 'application/proto, application/json';
    return away(415, 'Unsupported Media Type', [{ name: 'Accept-Post', value: posts }]);
  }
  const encoding = query === undefined ? encodingOf(fields, isStream) : (query.compression ?? 'identity');
  const timeout = joinedValue(fields, 'connect-timeout-ms');
  const timeoutMs = timeout === undefined ? undefined : /^\d{1,10}$/.test(timeout) ? Number(timeout) : Number.NaN;
  return {
    ok: true,
    call: {
      procedure,
      codec,
      encoding,
      answers: compresses ? preferred(fields, isStream, encoding) : 'identity',
      timeoutMs: Number.isNaN(timeoutMs) ? undefined : timeoutMs,
      error: errorIn(joinedValue(fields, 'connect-protocol-version'), query?.connect, timeoutMs, encoding),
    },
  };
}

function errorIn(
  version: string | undefined,
  connect: string | undefined,
  timeoutMs: number | undefined,
  encoding: string,
): ConnectError | undefined {
  if (version !== undefined && version !== '1')
    return failure('invalid_argument', `Connect-Protocol-Version ${JSON.stringify(version)} is not 1`);
  if (connect !== undefined && connect !== 'v1') return failure('invalid_argument', `connect=${connect} is not v1`);
  if (Number.isNaN(timeoutMs)) return failure('invalid_argument', 'Connect-Timeout-Ms is no number of at most 10 digits');
  if (encoding !== 'identity' && !isEncoding(encoding)) {
    return failure('unimplemented', `compression ${JSON.stringify(encoding)} is not known; there is ${ENCODINGS.join(', ')}`);
  }
  return undefined;
}

/** The first that is accepted and known here; where nothing is said, the one that came (CONNECT-COMP-04 to 06). */
function preferred(fields: readonly HttpField[], isStream: boolean, encoding: string): Encoding | 'identity' {
  const name = isStream ? 'connect-accept-encoding' : 'accept-encoding';
  const accepted = joinedValue(fields, name) === undefined ? [encoding] : listOf(fields, name).map((each) => each.split(';')[0] ?? '');
  return accepted.find(isEncoding) ?? 'identity';
}

function away(status: number, reason: string, fields: readonly HttpField[] = []): Admission {
  return { ok: false, status, reason, fields };
}
