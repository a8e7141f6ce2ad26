import { valuesOf } from '../../protocols/carriers/http/head.ts';
import { readUpgrade, type UpgradeRequest } from '../../protocols/carriers/websocket/heads.ts';
import { SUBPROTOCOL } from '../../protocols/swill/frame.ts';

/** What a server makes of what asks for a connection, before hooks have their say. */
export type Admission =
  | { readonly ok: true; readonly request: UpgradeRequest; readonly key: string }
  | { readonly ok: false; readonly status: number };

/** Path first, then whether it is an upgrade at all, then the subprotocol (notes, section 2; P4). */
export function admit(head: Uint8Array, path: string): Admission {
  const request = readUpgrade(head);
  if (request?.kind !== 'request') return { ok: false, status: 400 };
  if (request.path !== path) return { ok: false, status: 404 };
  if (!request.upgrades || request.method !== 'GET') return { ok: false, status: 404 };
  if (request.key === undefined) return { ok: false, status: 400 };
  if (!valuesOf(request.fields, 'sec-websocket-version').includes('13')) return { ok: false, status: 426 };
  if (!request.subprotocols.includes(SUBPROTOCOL)) return { ok: false, status: 406 };
  return { ok: true, request, key: request.key };
}

/** Words for the statuses that this server answers. */
export const REASONS: Readonly<Record<number, string>> = {
  101: 'Switching Protocols',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  406: 'Not Acceptable',
  426: 'Upgrade Required',
};
