import { formOf } from '../../protocols/connect/bindings.ts';
import type { Codec } from '../../protocols/connect/codec.ts';
import { MOST_DECOMPRESSED } from '../../protocols/connect/content.ts';
import { readTimers } from '../../protocols/connect/timers.ts';

/** How a client is set up. */
export interface ClientSettings {
  readonly codec: Codec;
  /** Of what it sends. */
  readonly encoding: 'identity' | 'gzip';
  readonly host: string;
  readonly prefix: string;
  readonly readMaxBytes: number;
  /** Deadline of each call; 0: none. */
  readonly timeoutMs: number;
}

/** Settings as a run gives them. */
export function readSettings(
  url: string,
  binding: string,
  timers: Readonly<Record<string, number>>,
  { prefix, readMaxBytes }: Readonly<Record<string, unknown>>,
): ClientSettings {
  return {
    ...formOf(binding),
    host: /^\w+:\/\/([^/]+)/.exec(url)?.[1] ?? 'localhost',
    prefix: typeof prefix === 'string' ? prefix : '',
    readMaxBytes: typeof readMaxBytes === 'number' ? readMaxBytes : MOST_DECOMPRESSED,
    timeoutMs: readTimers(timers).timeoutMs,
  };
}
