import type { Frame } from '../../../protocols/common/frame.ts';
import type { CarrierBytes } from './carrier.ts';

/** A frame that has bytes. */
export type WithBytes = Exclude<Frame, { class: 'closing' }>;

/** A carrier whose frames come at once, each of them bytes whatever came before it. `port` is one by which readers know it. */
export function streamBytes(port: number, bytesOf: (frame: WithBytes) => Uint8Array): CarrierBytes {
  // A FIN is none of the bytes.
  return { port, preamble: () => [], writer: () => (frame) => (frame.class === 'closing' ? undefined : bytesOf(frame)) };
}
