import { broken, type HttpHead, listOf, type Read, shown, valuesOf } from './head.ts';

/** How long a body is: there is none, so many bytes, chunks, or all until the connection ends. */
export type BodyFraming =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'close' };

const NONE: Read<BodyFraming> = { ok: true, value: { kind: 'none' } };

/**
 * How the body behind a head is framed (RFC 9112, 6.3). `method` is that of the request that an answer answers. What two readers might
 * take in two ways (a length beside chunks, two lengths, chunks not last) is refused, even where the RFC would let one of them win.
 */
export function framingOf(head: HttpHead, method: string | undefined): Read<BodyFraming> {
  const encodings = listOf(head.fields, 'transfer-encoding');
  const lengths = valuesOf(head.fields, 'content-length');
  const length = lengthIn(lengths);
  if (!length.ok) return length;
  if (encodings.length > 0) {
    if (lengths.length > 0) return broken('length-and-chunks', 'Content-Length beside Transfer-Encoding');
    if (head.version === '1.0') return broken('chunks-in-1.0', 'Transfer-Encoding in HTTP/1.0');
    if (encodings.filter((encoding) => encoding === 'chunked').length > 1)
      return broken('chunked-twice', 'chunked named twice in Transfer-Encoding');
    if (encodings.includes('chunked') && encodings.at(-1) !== 'chunked')
      return broken('chunked-not-last', 'Transfer-Encoding in which chunked is not the last');
  }
  if (head.kind === 'response' && hasNone(head.status, method)) return NONE;
  if (encodings.at(-1) === 'chunked') return { ok: true, value: { kind: 'chunked' } };
  if (encodings.length > 0) {
    if (head.kind === 'request') return broken('not-chunked', `Transfer-Encoding ${shown(encodings.join(', '))}, which says no end`);
    return { ok: true, value: { kind: 'close' } };
  }
  if (length.value !== undefined) return { ok: true, value: { kind: 'length', length: length.value } };
  return head.kind === 'request' ? NONE : { ok: true, value: { kind: 'close' } };
}

/** Whether an answer with that status, to such a request, has no body whatever its fields say. */
function hasNone(status: number, method: string | undefined): boolean {
  return method === 'HEAD' || status < 200 || status === 204 || status === 304;
}

function lengthIn(values: readonly string[]): Read<number | undefined> {
  const [first, second] = values;
  if (first === undefined) return { ok: true, value: undefined };
  // Even equal ones: a list, or the field twice, is what smuggling is made of.
  if (second !== undefined || first.includes(','))
    return broken('two-lengths', `Content-Length more than once: ${shown(values.join(', '))}`);
  if (!/^\d+$/.test(first)) return broken('length', `Content-Length ${shown(first)}, which is no number`);
  const length = Number(first);
  if (!Number.isSafeInteger(length)) return broken('length', `Content-Length ${shown(first)}, which nobody can count`);
  return { ok: true, value: length };
}
