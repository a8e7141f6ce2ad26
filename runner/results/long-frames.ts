import { createHash } from 'node:crypto';
import type { MessageFrame } from '../../protocols/common/frame.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { Decoded } from '../../protocols/common/trace.ts';
import type { Tagged } from '../../protocols/common/value.ts';
import { secretsIn } from '../masking/gather.ts';
import type { Masker } from '../masking/masker.ts';
import { veiled } from '../masking/veil.ts';

/** Frame bodies longer than this are recorded in part: their beginning, their length and their hash. */
export const LONGEST_WHOLE = 8 * 1024 * 1024;

/** How much of them is kept. */
export const BEGINNING = 64 * 1024;

/** Bytes of the bodies of one trace, together, behind which all that are longer than a beginning are recorded in part: floods fill disks. */
export const MOST_WHOLE = 64 * 1024 * 1024;

type Told = { readonly [key: string]: Tagged };

/** Of bytes without secrets the beginning in base64, their length and their hash. */
export function beginningAndHash(data: Uint8Array): Told {
  return { data: beginningOf(data), length: data.length, sha256: createHash('sha256').update(data).digest('hex') };
}

/** A long frame of a trace that has enough of them: what is not told of it is not looked through for secrets either. */
export function beginningRecord(
  frame: MessageFrame,
  decoded: Decoded<unknown> | undefined,
  { protocol, masker }: { readonly protocol: Protocol; readonly masker: Masker },
): Told {
  const { length } = frame.data;
  const own = decoded?.ok === true ? [...secretsIn(decoded.message, masker.keys, protocol.secretPaths(decoded.message, masker.keys))] : [];
  const told = toldOf(frame.data);
  const hidden = veiledUnlessShown(masker.keptBytes(told, own), protocol, masker);
  return {
    frame: { ...aboutOf(frame), data: beginningOf(hidden), length },
    ...(hidden === told ? {} : { masked: true }),
    summary: `${protocol.kindOf(frame, decoded)}, ${length} bytes`,
  };
}

/** What a record tells of a frame beside its bytes. */
export function aboutOf({ kind, text, part }: MessageFrame): Told {
  return { kind, class: 'data', text, ...(part === undefined ? {} : { part: { ...part } }) };
}

/** Bytes of which only the beginning is told, with what is hidden in it; a secret across its end is hidden, too. */
export function withBeginning(bytes: Uint8Array, hide: (bytes: Uint8Array) => Uint8Array): Uint8Array {
  const told = toldOf(bytes);
  const hidden = hide(told);
  return hidden === told ? bytes : Buffer.concat([hidden, bytes.subarray(told.length)]);
}

/** As much as is looked through for a beginning without secrets. */
function toldOf(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, 2 * BEGINNING);
}

/** In base64. */
function beginningOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, BEGINNING)).toString('base64');
}

/** Bytes without what stands behind words that name secrets, unless secrets are shown. */
export function veiledUnlessShown(data: Uint8Array, { secretWords }: Protocol, { masking }: Masker): Uint8Array {
  return masking ? veiled(data, secretWords) : data;
}
