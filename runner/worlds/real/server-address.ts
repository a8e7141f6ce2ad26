import { isIP } from 'node:net';
import type { Carrier } from '../../../protocols/common/carrier.ts';
import { hostOf } from '../../../protocols/common/host-of.ts';
import type { Address } from '../../toxics/network.ts';

/** Where a server is, or why nobody goes there. */
export type ServerAddress = { readonly ok: true; readonly address: Address } | { readonly ok: false; readonly why: string };

/** Longest part of a wrong address that is told, in characters. */
const SHOWN = 200;

/**
 * Reads the address that a server said, a URL of its carrier's scheme. Unless `allowRemote`, it must name the loopback: an adapter shall not make Weir dial, or
 * look up, whatever it likes. Nothing is looked up here.
 */
export function serverAddress(url: string, { scheme, port: usual }: Pick<Carrier, 'scheme' | 'port'>, allowRemote: boolean): ServerAddress {
  const shown = JSON.stringify(url.slice(0, SHOWN));
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== `${scheme}:`) return { ok: false, why: `the server's address must be a ${scheme}:// URL, not ${shown}` };
  const host = hostOf(parsed);
  const port = parsed.port === '' ? usual : Number(parsed.port);
  if (port === undefined) return { ok: false, why: `the server's address ${shown} names no port` };
  const local = loopbackOf(host);
  if (local !== undefined || allowRemote) return { ok: true, address: { host: local ?? host, port } };
  const everywhere = host === '0.0.0.0' || host === '::';
  return {
    ok: false,
    why: everywhere
      ? `the server's address ${shown} is where it listens and not where it is; say ${scheme}://127.0.0.1:${port}`
      : `the server's address ${shown} is not on the loopback of this machine, and was not dialled; --allow-remote allows others`,
  };
}

/** A host of the loopback as it is dialled; undefined for any other. The URL has brought numbers into their usual form. */
function loopbackOf(host: string): string | undefined {
  switch (isIP(host)) {
    case 4:
      return host.startsWith('127.') ? host : undefined;
    case 6:
      // The mapped form of 127.0.0.0/8, as URLs write it.
      return host === '::1' || /^::ffff:7f[0-9a-f]{2}:/.test(host) ? host : undefined;
    default:
      // Names below `localhost` are the loopback by definition (RFC 6761); who asks a resolver may hear another thing.
      return /^(?:[^.]+\.)*localhost\.?$/i.test(host) ? 'localhost' : undefined;
  }
}
