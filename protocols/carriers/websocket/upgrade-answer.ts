import type { CarrierProblem } from '../../common/carrier.ts';
import { latin1 } from '../../common/latin1.ts';
import { acceptOf } from './accept-key.ts';

/** A head of HTTP/1.1 as it was read; names of fields in lower case, several of one name joined by commas. */
export interface UpgradeHead {
  readonly first: string;
  readonly fields: ReadonlyMap<string, string>;
}

/** What is wrong with a 101 (RFC 6455, section 4.1). */
export function misfit(request: UpgradeHead, response: UpgradeHead): CarrierProblem | undefined {
  const key = request.fields.get('sec-websocket-key') ?? '';
  const accept = response.fields.get('sec-websocket-accept');
  const right = acceptOf(key);
  if (accept !== right) {
    const what =
      accept === undefined ? 'without Sec-WebSocket-Accept' : `with a wrong Sec-WebSocket-Accept (${JSON.stringify(accept.slice(0, 60))})`;
    return { kind: 'wrong-accept', detail: '', text: `answered the upgrade ${what}` };
  }
  if (response.fields.get('upgrade')?.toLowerCase() !== 'websocket' || !tokens(response, 'connection').includes('upgrade')) {
    return {
      kind: 'no-upgrade-fields',
      detail: '',
      text: 'answered the upgrade with 101 but without "Upgrade: websocket" and "Connection: Upgrade"',
    };
  }
  const chosen = response.fields.get('sec-websocket-protocol');
  if (chosen !== undefined && !tokens(request, 'sec-websocket-protocol').includes(chosen.toLowerCase())) {
    return {
      kind: 'unasked-subprotocol',
      detail: '',
      text: `chose the subprotocol ${JSON.stringify(chosen.slice(0, 60))}, which nobody asked for`,
    };
  }
  // The relay takes the client's offer of extensions away.
  const extension = response.fields.get('sec-websocket-extensions');
  if (extension !== undefined && extension !== '') {
    return {
      kind: 'unasked-extension',
      detail: '',
      text: `chose the extension ${JSON.stringify(extension.slice(0, 60))}, which nobody asked for`,
    };
  }
  return undefined;
}

/** The tokens of a list, in lower case. */
export function tokens(head: UpgradeHead, field: string): string[] {
  return (head.fields.get(field) ?? '').split(',').map((token) => token.trim().toLowerCase());
}

/** Reads a head whatever is wrong with it: what an end answered is to be told all the same. */
export function readLenient(raw: Uint8Array): UpgradeHead {
  const [first = '', ...lines] = latin1(raw).split('\r\n');
  const fields = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    const earlier = fields.get(name);
    fields.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
  }
  return { first, fields };
}
