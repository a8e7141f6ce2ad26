import * as z from 'zod';
import type { ConnectParams } from '../../protocols/common/control.ts';
import { ENDPOINT } from '../../protocols/swill/frame.ts';
import { readTimers, type SwillTimers } from '../../protocols/swill/timers.ts';

/** How a client of Swill behaves. */
export interface ClientSettings {
  readonly url: string;
  /** What it names as its host. */
  readonly host: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly reconnects: boolean;
  readonly timers: SwillTimers;
}

const options = z.looseObject({
  path: z.string().optional(),
  headers: z.record(z.string(), z.string()).default({}),
  reconnect: z.boolean().default(true),
});

/** Reads what a client is told. A URL without a path means the default endpoint. Throws on options that are none. */
export function readSettings({ url, timers, options: given }: Pick<ConnectParams, 'url' | 'timers' | 'options'>): ClientSettings {
  const { path, headers, reconnect } = options.parse(given);
  const { host, pathname } = new URL(url);
  const own = pathname === '' || pathname === '/' ? ENDPOINT : pathname;
  return { url, host: host === '' ? 'server' : host, path: path ?? own, headers, reconnects: reconnect, timers: readTimers(timers) };
}
