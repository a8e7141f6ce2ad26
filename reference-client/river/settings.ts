import type { ConnectParams } from '../../protocols/common/control.ts';
import { fromTagged, isPlainObject } from '../../protocols/common/value.ts';
import { DEFAULT_TIMERS, type RiverTimers, type Tracing } from '../../protocols/river/message.ts';

/** What the application's metadata constructor made: a value, nothing because there is none, or a failure. */
export type Metadata = { readonly kind: 'value'; readonly value: unknown } | { readonly kind: 'none' } | { readonly kind: 'failed' };

/** How one client of the reference client is set up, with plain values. */
export interface ClientSettings {
  readonly clientId: string;
  readonly serverId: string;
  readonly codec: string;
  readonly timers: RiverTimers;
  /** False: each loss of an established connection ends the session (RIVER-RECON-27). */
  readonly transparentReconnects: boolean;
  /** False: calls do not dial (RIVER-RETRY-08). */
  readonly connectOnInvoke: boolean;
  /** Attached to handshakes and open messages (RIVER-MSG-16). */
  readonly tracing: Tracing | undefined;
  /** Runs the metadata constructor: once for each handshake and re-handshake (RIVER-HS-28). */
  readonly constructMetadata: () => Metadata;
}

/** Reads the parameters of `connect`. Throws an Error on malformed `tracing` and TypeError on malformed tags. */
export function readSettings(params: ConnectParams): ClientSettings {
  return {
    clientId: params.clientId,
    serverId: params.serverId,
    codec: params.binding,
    timers: { ...DEFAULT_TIMERS, ...params.timers },
    transparentReconnects: params.options['transparentReconnects'] !== false,
    connectOnInvoke: params.options['connectOnInvoke'] !== false,
    tracing: readTracing(params.options['tracing']),
    constructMetadata: metadataConstructor((params.metadata ?? []).map(fromTagged)),
  };
}

function readTracing(value: unknown): Tracing | undefined {
  if (value === undefined) return undefined;
  if (!isPlainObject(value) || typeof value['traceparent'] !== 'string' || typeof value['tracestate'] !== 'string') {
    throw new Error('option tracing: expected {traceparent: string, tracestate: string}');
  }
  return { traceparent: value['traceparent'], tracestate: value['tracestate'] };
}

function metadataConstructor(values: readonly unknown[]): () => Metadata {
  let runs = 0;
  return () => {
    if (values.length === 0) return { kind: 'none' };
    const value = values[Math.min(runs, values.length - 1)];
    runs += 1;
    return isPlainObject(value) && Object.hasOwn(value, '$throw') ? { kind: 'failed' } : { kind: 'value', value };
  };
}
