import { FLAG, MAX_31, type RSocketFrame } from '../frame.ts';
import {
  cancelFrame,
  completeFrame,
  errorFrame,
  itemFrame,
  keepaliveFrame,
  leaseFrame,
  metadataPushFrame,
  requestFrame,
  requestNFrame,
  resumeFrame,
  resumeOkFrame,
  setupFrame,
} from '../frames.ts';

/** Bytes of a text. */
export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A payload of texts. */
export function payload(data: string, metadata?: string): { data: Uint8Array; metadata: Uint8Array | undefined } {
  return { data: bytes(data), metadata: metadata === undefined ? undefined : bytes(metadata) };
}

const text = { metadataMime: 'text/plain', dataMime: 'text/plain' };

/** Frames and their bytes as the notes work them out, without the length. */
export const workedBytes: readonly (readonly [what: string, frame: RSocketFrame, hex: string])[] = [
  [
    'SETUP',
    setupFrame({ keepaliveMs: 20_000, lifetimeMs: 90_000, token: undefined, lease: false, ...text, ...payload('') }),
    '00 00 00 00 04 00 00 01 00 00 00 00 4e 20 00 01 5f 90 0a 74 65 78 74 2f 70 6c 61 69 6e 0a 74 65 78 74 2f 70 6c 61 69 6e',
  ],
  [
    'SETUP with resume, lease and metadata',
    setupFrame({ keepaliveMs: 500, lifetimeMs: 2000, token: bytes('ab'), lease: true, ...text, ...payload('hi', 'm') }),
    '00 00 00 00 05 c0 00 01 00 00 00 00 01 f4 00 00 07 d0 00 02 61 62 0a 74 65 78 74 2f 70 6c 61 69 6e 0a 74 65 78 74 2f 70 6c 61 69 6e 00 00 01 6d 68 69',
  ],
  ['KEEPALIVE', keepaliveFrame(true, 0, bytes('ping')), '00 00 00 00 0c 80 00 00 00 00 00 00 00 00 70 69 6e 67'],
  ['answer to KEEPALIVE', keepaliveFrame(false, 0, bytes('ping')), '00 00 00 00 0c 00 00 00 00 00 00 00 00 00 70 69 6e 67'],
  ['REQUEST_RESPONSE', requestFrame('REQUEST_RESPONSE', 1, payload('hello'), 0, false), '00 00 00 01 10 00 68 65 6c 6c 6f'],
  [
    'REQUEST_RESPONSE with metadata',
    requestFrame('REQUEST_RESPONSE', 1, payload('hello', 'md'), 0, false),
    '00 00 00 01 11 00 00 00 02 6d 64 68 65 6c 6c 6f',
  ],
  ['REQUEST_FNF', requestFrame('REQUEST_FNF', 3, payload('x'), 0, false), '00 00 00 03 14 00 78'],
  ['REQUEST_STREAM', requestFrame('REQUEST_STREAM', 5, payload('5'), 2, false), '00 00 00 05 18 00 00 00 00 02 35'],
  ['REQUEST_N without limit', requestNFrame(5, MAX_31), '00 00 00 05 20 00 7f ff ff ff'],
  ['CANCEL', cancelFrame(5), '00 00 00 05 24 00'],
  ['REQUEST_CHANNEL, complete', requestFrame('REQUEST_CHANNEL', 7, payload('a'), 16, true), '00 00 00 07 1c 40 00 00 00 10 61'],
  ['PAYLOAD, the last item', itemFrame(1, payload('hello'), true), '00 00 00 01 28 60 68 65 6c 6c 6f'],
  ['PAYLOAD, complete only', completeFrame(1), '00 00 00 01 28 40'],
  ['PAYLOAD with metadata', itemFrame(1, payload('hello', 'md'), false), '00 00 00 01 29 20 00 00 02 6d 64 68 65 6c 6c 6f'],
  ['ERROR of a stream', errorFrame(1, 'APPLICATION_ERROR', 'boom'), '00 00 00 01 2c 00 00 00 02 01 62 6f 6f 6d'],
  ['ERROR of the connection', errorFrame(0, 'REJECTED_SETUP', 'no'), '00 00 00 00 2c 00 00 00 00 03 6e 6f'],
  [
    'LEASE with metadata',
    { ...leaseFrame(5000, 2), flags: FLAG.METADATA, metadata: bytes('m') },
    '00 00 00 00 09 00 00 00 13 88 00 00 00 02 6d',
  ],
  ['METADATA_PUSH', metadataPushFrame(bytes('mp')), '00 00 00 00 31 00 6d 70'],
  ['RESUME', resumeFrame(bytes('ab'), 32, 0), '00 00 00 00 34 00 00 01 00 00 00 02 61 62 00 00 00 00 00 00 00 20 00 00 00 00 00 00 00 00'],
  ['RESUME_OK', resumeOkFrame(11), '00 00 00 00 38 00 00 00 00 00 00 00 00 0b'],
  [
    'EXT that may be ignored',
    { type: 'EXT', streamId: 0, flags: FLAG.IGNORE, reserved: [], metadata: undefined, extendedType: 1, data: bytes('x') },
    '00 00 00 00 fe 00 00 00 00 01 78',
  ],
  [
    'a first fragment',
    {
      type: 'REQUEST_RESPONSE',
      streamId: 9,
      flags: FLAG.METADATA | FLAG.FOLLOWS,
      reserved: [],
      ...payload('', 'META'),
    },
    '00 00 00 09 11 80 00 00 04 4d 45 54 41',
  ],
  [
    'a fragment between',
    { type: 'PAYLOAD', streamId: 9, flags: FLAG.METADATA | FLAG.FOLLOWS | FLAG.NEXT, reserved: [], ...payload('da', 'DATA') },
    '00 00 00 09 29 a0 00 00 04 44 41 54 41 64 61',
  ],
  ['the last fragment', itemFrame(9, payload('ta'), false), '00 00 00 09 28 20 74 61'],
];
