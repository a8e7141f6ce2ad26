import type { CarrierProblem } from '../../common/carrier.ts';
import type { Side } from '../../common/frame.ts';
import { beginningOfChunks } from '../http/chunk-line.ts';
import { joinedValue, listOf } from '../http/head.ts';
import { switchesProtocols } from './upgrade.ts';
import { misfit, readLenient, type UpgradeHead } from './upgrade-answer.ts';

/** How much of the body of a refusal is told, bytes. */
const BODY_BYTES = 300;

/** How much of a head that is not whole is looked at, bytes. */
const HEAD_BYTES = 4096;

/**
 * Reads the upgrade of one WebSocket connection (RFC 6455, section 4) and says what is wrong with it: a refusal, with its status and
 * the beginning of its body, an answer that does not fit the request, bytes that are none, or none at all. Each method gives
 * what became clear by it; nothing is told twice.
 */
export class HandshakeWatch {
  #request: UpgradeHead | undefined;
  #asked = Buffer.alloc(0);
  #answered = Buffer.alloc(0);
  #refusal:
    | { readonly status: string; readonly reason: string; readonly length: number | undefined; readonly isChunked: boolean }
    | undefined;
  #body = Buffer.alloc(0);
  #state: 'waiting' | 'refused' | 'over' = 'waiting';

  /** A whole head. A response that refuses is told with its body, or when the connection ends. */
  head(from: Side, raw: Uint8Array): CarrierProblem | undefined {
    if (this.#state !== 'waiting') return undefined;
    const head = readLenient(raw);
    if (from === 'dialler') {
      this.#request = head;
      if (listOf(head.fields, 'upgrade').includes('websocket')) return undefined;
      // Whatever is answered to that is no answer to an upgrade.
      this.#state = 'over';
      return { kind: 'no-upgrade', detail: '', text: `asked for no upgrade: ${JSON.stringify(head.first.slice(0, 60))}`, own: true };
    }
    const [, status = '', reason = ''] = /^HTTP\/1\.[01] (\d{3}) ?(.*)$/.exec(head.first) ?? [];
    if (status === '') return this.#noHttp('acceptor', Buffer.from(raw));
    if (status !== '101') {
      const length = joinedValue(head.fields, 'content-length');
      const isChunked = listOf(head.fields, 'transfer-encoding').includes('chunked');
      this.#refusal = { status, reason, length: length === undefined ? undefined : Number(length), isChunked };
      this.#state = 'refused';
      return this.#refusal.length === 0 ? this.#told() : undefined;
    }
    this.#state = 'over';
    // RFC 9110, section 7.8: what is in HTTP/1.0 changes no protocol, so nobody takes what follows for frames.
    if (!switchesProtocols(raw)) return { kind: 'old-http', detail: '', text: 'answered the upgrade with 101 in HTTP/1.0' };
    return this.#request === undefined ? undefined : misfit(this.#request, head);
  }

  /** Bytes that are no head and no frame: of an unfinished head, or the body of a refusal. */
  bytes(from: Side, raw: Uint8Array): CarrierProblem | undefined {
    if (this.#state === 'refused' && from === 'acceptor') {
      this.#body = Buffer.concat([this.#body, raw]).subarray(0, BODY_BYTES);
      const whole = Math.min(this.#refusal?.length ?? Number.POSITIVE_INFINITY, BODY_BYTES);
      return this.#body.length >= whole ? this.#told() : undefined;
    }
    if (this.#state !== 'waiting') return undefined;
    const seen = Buffer.concat([from === 'dialler' ? this.#asked : this.#answered, raw]).subarray(0, HEAD_BYTES);
    if (from === 'dialler') this.#asked = seen;
    else this.#answered = seen;
    const begun = from === 'dialler' ? /^[A-Z]{0,20}(?: |$)/ : /^H?T?T?P?(?:$|\/)/;
    const text = seen.toString('latin1');
    if (!begun.test(text)) return this.#noHttp(from, seen);
    // A blank line of LF alone ends no head, and whoever waits for one that does waits for good.
    return text.split('\r\n\r\n', 1)[0]?.includes('\n\n') === true ? this.#noHttp(from, seen, 'whose lines end with LF alone') : undefined;
  }

  /** An end has ended the connection, before the other did. */
  ended(by: Side): CarrierProblem | undefined {
    if (this.#state === 'refused') return this.#told();
    if (this.#state !== 'waiting' || by === 'dialler' || this.#request === undefined) return undefined;
    this.#state = 'over';
    return { kind: 'closed-unanswered', detail: '', text: 'closed the connection before it answered the upgrade' };
  }

  #told(): CarrierProblem {
    this.#state = 'over';
    const { status = '', reason = '', isChunked = false } = this.#refusal ?? {};
    return refusal(status, reason, (isChunked ? beginningOfChunks(this.#body) : this.#body).toString('utf8'));
  }

  #noHttp(from: Side, seen: Buffer, why = 'that are no HTTP/1.1'): CarrierProblem {
    this.#state = 'over';
    const what = from === 'dialler' ? 'asked for the upgrade' : 'answered the upgrade';
    const detail = from === 'dialler' ? 'client' : 'server';
    // A record of TLS: 21 alert, 22 handshake; then the version.
    if ((seen[0] === 0x16 || seen[0] === 0x15) && seen[1] === 0x03) {
      return { kind: 'tls', detail, text: `${what} with TLS, which nobody speaks here: use ws://` };
    }
    const shown = JSON.stringify(seen.subarray(0, 40).toString('latin1'));
    return { kind: 'no-http', detail, text: `${what} with bytes ${why}: ${shown}` };
  }
}

/** An answer other than 101; `body` may be its beginning only. */
export function refusal(status: string, reason: string, body: string): CarrierProblem {
  const said = body.trim().replaceAll(/\s+/g, ' ').slice(0, 200);
  const line = `HTTP ${status}${reason === '' ? '' : ` ${reason}`}`;
  return {
    kind: 'upgrade-refused',
    detail: status,
    text: `answered the upgrade with ${line}${said === '' ? '' : `: ${said}`}`,
    allowed: true,
  };
}
