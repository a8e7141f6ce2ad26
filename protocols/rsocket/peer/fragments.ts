import { frameLength } from '../encode.ts';
import { FLAG, HEADER_BYTES, isRequestOrPayload, LARGEST_FRAME, type RSocketFrame } from '../frame.ts';

/** Bytes of a metadata length. */
const LENGTH_BYTES = 3;

/**
 * A request or item as frames of at most `largest` bytes: itself where it fits, else a first fragment and PAYLOAD frames, metadata
 * before data, F on all but the last (RSOCKET-FRAG-01, -02, -05). Completion is flagged on the last fragment (RSOCKET-FRAG-10). Other
 * frames have no fragments and stay whole, whatever their size.
 */
export function split(frame: RSocketFrame, largest = LARGEST_FRAME): readonly RSocketFrame[] {
  if (frameLength(frame) <= largest) return [frame];
  if (!isRequestOrPayload(frame)) return [frame];
  const complete = frame.flags & FLAG.COMPLETE;
  const kept = frame.flags & ~(FLAG.METADATA | FLAG.COMPLETE | FLAG.FOLLOWS);
  const fixed = frameLength({ ...frame, flags: kept, data: new Uint8Array() });
  const frames: RSocketFrame[] = [];
  let { metadata, data } = frame;
  for (;;) {
    const first = frames.length === 0;
    let room = Math.max(1, largest - (first ? fixed : HEADER_BYTES) - (metadata === undefined ? 0 : LENGTH_BYTES));
    const head = metadata?.subarray(0, room);
    room -= head?.length ?? 0;
    metadata = head === undefined || head.length === metadata?.length ? undefined : metadata?.subarray(head.length);
    const body = data.subarray(0, metadata === undefined ? room : 0);
    data = data.subarray(body.length);
    const last = metadata === undefined && data.length === 0;
    const part = { metadata: head, data: body };
    const flags = (head === undefined ? 0 : FLAG.METADATA) | (last ? complete : FLAG.FOLLOWS);
    const further = { type: 'PAYLOAD', streamId: frame.streamId, reserved: [] } as const;
    frames.push(first ? { ...frame, ...part, flags: flags | kept } : { ...further, ...part, flags: flags | FLAG.NEXT });
    if (last) return frames;
  }
}
