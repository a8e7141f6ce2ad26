import { endOf, type Role } from '../../common/frame.ts';
import type { SentEvent } from '../../common/trace.ts';
import { readFrame } from '../decode.ts';
import type { SwillFrame } from '../frame.ts';

/** What a frame says; undefined where that cannot be told. */
export type Reader = (event: SentEvent<SwillFrame>) => SwillFrame | undefined;

/** Reads frames. What a client under test sends as text can be read all the same: its application asked for it. */
export function readerOf(underTest: Role): Reader {
  return ({ from, frame, decoded }) => {
    if (frame.class !== 'data') return undefined;
    if (decoded?.ok) return decoded.message;
    const read = frame.text && underTest === 'client' ? readFrame({ text: false, data: frame.data }, endOf(from)) : undefined;
    return read?.ok ? read.message : undefined;
  };
}
