import { latin1 } from '../../common/latin1.ts';

/** Reading and altering the HTTP/1.1 heads of the WebSocket upgrade (RFC 6455, section 4). Bytes are read as Latin-1. */

/** Longest head that is read; longer ones are a violation. */
export const LONGEST_HEAD = 64 * 1024;

/**
 * The head without its `Sec-WebSocket-Extensions` fields; the same bytes where it has none. A relay applies it to the
 * client's request so that no extension (permessage-deflate above all) is negotiated and frames stay readable. This and
 * `addressedTo` are what a relay alters unasked.
 */
export function withoutExtensions(head: Uint8Array): Uint8Array {
  const text = latin1(head);
  // A field may go on in lines that begin with a blank (RFC 9112, section 5.2).
  const stripped = text.replace(/(?<=\r\n)sec-websocket-extensions[ \t]*:[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*/gi, '');
  return stripped.length === text.length ? head : new Uint8Array(Buffer.from(stripped, 'latin1'));
}

/**
 * The client's request as the server at `authority` (`127.0.0.1:8080`) has to see it, so that one which lets in only who asks for
 * its own address can be reached through a relay: `Host`, and `Origin` where one is sent and names `seen`, the relay's own address.
 */
export function addressedTo(head: Uint8Array, authority: string, seen: string): Uint8Array {
  const text = latin1(head);
  const host = text.replace(/(\r\nhost[ \t]*:[ \t]*)[^\r\n]*/i, (_field, name: string) => name + authority);
  const origin = host.replace(/(\r\norigin[ \t]*:[ \t]*\w+:\/\/)([^\r\n]*)/i, (field, name: string, value: string) =>
    value.trim().toLowerCase() === seen ? name + authority : field,
  );
  return new Uint8Array(Buffer.from(origin, 'latin1'));
}

/** Whether a response head answers the upgrade with 101, so that frames follow. */
export function switchesProtocols(head: Uint8Array): boolean {
  return /^HTTP\/1\.1 101(?: |\r)/.test(latin1(head.subarray(0, 16)));
}

/** Whether a response head only announces the one that answers (RFC 9110, section 15.2). */
export function isInterim(head: Uint8Array): boolean {
  return /^HTTP\/1\.1 1(?!01)\d\d(?: |\r)/.test(latin1(head.subarray(0, 16)));
}

/** Finds the blank line that ends a head, however the bytes are chunked. */
export class HeadEnd {
  /** How much of CR LF CR LF the bytes so far end with. */
  #matched = 0;

  /** Index just after the blank line in `chunk`, or undefined where it is not in it. */
  find(chunk: Uint8Array): number | undefined {
    for (let i = 0; i < chunk.length; i += 1) {
      const byte = chunk[i];
      const expected = this.#matched % 2 === 0 ? 0x0d : 0x0a;
      if (byte === expected) this.#matched += 1;
      else this.#matched = byte === 0x0d ? 1 : 0;
      if (this.#matched < 4) continue;
      this.#matched = 0;
      return i + 1;
    }
    return undefined;
  }
}
