import type { CarrierProblem } from '../../../protocols/common/carrier.ts';
import type { Frame, Role } from '../../../protocols/common/frame.ts';

/** What a capture needs of a carrier: the bytes that a trace does not hold. Each carrier has one. */
export interface CarrierBytes {
  /** Port by which programs that read captures know the carrier. */
  readonly port: number;
  /** What passes before the first frame; `problem` is why it went wrong, where it did. Empty where frames come at once. */
  preamble(authority: string, problem: CarrierProblem | undefined): readonly Piece[];
  /** What writes the frames of one end on one connection, in their order. */
  writer(from: Role): FrameWriter;
}

/** A frame as bytes of the wire; undefined for a FIN. Throws a RangeError for one that the carrier cannot carry. */
export type FrameWriter = (frame: Frame) => Uint8Array | undefined;

/** Bytes that one end sends. */
export interface Piece {
  readonly from: Role;
  readonly bytes: Uint8Array;
}
