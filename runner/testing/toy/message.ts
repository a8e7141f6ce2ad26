import { isPlainObject } from '../../../protocols/common/value.ts';

/**
 * A message of the toy protocol, a line of JSON. `id` is a call's, odd where the client started it, even where the server did;
 * unique only on its connection. `n` is credit, `m` metadata.
 */
export type ToyMessage =
  | {
      readonly t: 'call';
      readonly id: number;
      readonly kind: string;
      readonly name?: string;
      readonly v?: unknown;
      readonly m?: unknown;
      readonly n?: number;
    }
  | { readonly t: 'begin'; readonly id: number; readonly m?: unknown }
  | { readonly t: 'value'; readonly id: number; readonly v: unknown; readonly m?: unknown }
  | { readonly t: 'more'; readonly id: number; readonly n: number }
  | { readonly t: 'done'; readonly id: number; readonly m?: unknown }
  | { readonly t: 'fail'; readonly id: number; readonly code: string | number; readonly message: string; readonly m?: unknown }
  | { readonly t: 'cancel'; readonly id: number };

const KINDS: ReadonlySet<unknown> = new Set(['call', 'begin', 'value', 'more', 'done', 'fail', 'cancel']);

/** Reads a message; undefined where the bytes are none. */
export function readToy(data: Uint8Array): ToyMessage | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(data).toString());
    // The peers write nothing else of these kinds.
    return isPlainObject(value) && KINDS.has(value['t']) && typeof value['id'] === 'number' ? (value as unknown as ToyMessage) : undefined;
  } catch {
    return undefined;
  }
}

/** Writes a message, however wrong. */
export function writeToy(message: unknown): Uint8Array {
  return new Uint8Array(Buffer.from(JSON.stringify(message)));
}
