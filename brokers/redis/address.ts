import { resp } from '../../protocols/carriers/resp/carrier.ts';
import { hostOf } from '../../protocols/common/host-of.ts';

/** Where the Redis of a URL is dialled. */
export function addressOf(url: URL): { readonly host: string; readonly port: number } {
  return { host: hostOf(url), port: url.port === '' ? (resp.port ?? 0) : Number(url.port) };
}
