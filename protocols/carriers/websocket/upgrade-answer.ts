import type { CarrierProblem } from '../../common/carrier.ts';
import { latin1 } from '../../common/latin1.ts';
import { type HttpField, joinedValue, listOf } from '../http/head.ts';
import { acceptOf } from './accept-key.ts';

/** A head of HTTP/1.1 as it was read, whatever was wrong with it. */
export interface UpgradeHead {
  readonly first: string;
  readonly fields: readonly HttpField[];
}

/** What is wrong with a 101 (RFC 6455, section 4.1). */
export function misfit(request: UpgradeHead, response: UpgradeHead): CarrierProblem | undefined {
  const key = joinedValue(request.fields, 'sec-websocket-key') ?? '';
  const accept = joinedValue(response.fields, 'sec-websocket-accept');
  const right = acceptOf(key);
  if (accept !== right) {
    const what =
      accept === undefined ? 'without Sec-WebSocket-Accept' : `with a wrong Sec-WebSocket-Accept (${JSON.stringify(accept.slice(0, 60))})`;
    return { kind: 'wrong-accept', detail: '', text: `answered the upgrade ${what}` };
  }
  const isUpgrade = joinedValue(response.fields, 'upgrade')?.toLowerCase() === 'websocket';
  if (!isUpgrade || !listOf(response.fields, 'connection').includes('upgrade')) {
    return {
      kind: 'no-upgrade-fields',
      detail: '',
      text: 'answered the upgrade with 101 but without "Upgrade: websocket" and "Connection: Upgrade"',
    };
  }
  const chosen = joinedValue(response.fields, 'sec-websocket-protocol');
  if (chosen !== undefined && !listOf(request.fields, 'sec-websocket-protocol').includes(chosen.toLowerCase())) {
    return {
      kind: 'unasked-subprotocol',
      detail: '',
      text: `chose the subprotocol ${JSON.stringify(chosen.slice(0, 60))}, which nobody asked for`,
    };
  }
  // The relay takes the client's offer of extensions away.
  const extension = joinedValue(response.fields, 'sec-websocket-extensions');
  if (extension !== undefined && extension !== '') {
    return {
      kind: 'unasked-extension',
      detail: '',
      text: `chose the extension ${JSON.stringify(extension.slice(0, 60))}, which nobody asked for`,
    };
  }
  return undefined;
}

/** Reads a head whatever is wrong with it: what an end answered is to be told all the same. */
export function readLenient(raw: Uint8Array): UpgradeHead {
  const [first = '', ...lines] = latin1(raw).split('\r\n');
  const fields = lines.flatMap((line) => {
    const colon = line.indexOf(':');
    return colon < 1 ? [] : [{ name: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() }];
  });
  return { first, fields };
}
