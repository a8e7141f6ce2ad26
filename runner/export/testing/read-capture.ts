/** Reads a pcapng capture by the letter of its formats, knowing nothing of what wrote it. */

/** A segment of TCP that was captured. */
export interface Captured {
  readonly on: string;
  /** Ms. */
  readonly t: number;
  readonly from: string;
  readonly to: string;
  readonly seq: number;
  readonly ack: number;
  /** Letters of the flags that are set, in the order FSRPA. */
  readonly flags: string;
  readonly payload: Buffer;
  readonly comments: readonly string[];
  /** Whether the checksums of IP and TCP are right. */
  readonly sound: boolean;
}

/** All segments of a capture. Throws an Error where a block or packet is malformed. */
export function readCapture(file: Uint8Array): Captured[] {
  const buffer = Buffer.from(file);
  const interfaces: string[] = [];
  const captured: Captured[] = [];
  for (let at = 0; at < buffer.length; ) {
    const length = buffer.readUInt32LE(at + 4);
    if (length % 4 !== 0 || buffer.readUInt32LE(at + length - 4) !== length) throw new Error(`the block at ${at} has no length`);
    const body = buffer.subarray(at + 8, at + length - 4);
    const type = buffer.readUInt32LE(at);
    if (at === 0 && (type !== 0x0a0d0d0a || body.readUInt32LE(0) !== 0x1a2b3c4d)) throw new Error('no section header');
    if (type === 1) {
      if (body.readUInt16LE(0) !== 101) throw new Error('other packets than of IP');
      const options = optionsIn(body.subarray(8));
      if (options.find(({ code }) => code === 9)?.value[0] !== 9) throw new Error('times in another unit than ns');
      interfaces.push(options.find(({ code }) => code === 2)?.value.toString() ?? '');
    }
    if (type === 6) captured.push(packetIn(body, interfaces));
    at += length;
  }
  return captured;
}

function packetIn(body: Buffer, interfaces: readonly string[]): Captured {
  const length = body.readUInt32LE(12);
  const ip = body.subarray(20, 20 + length);
  const headerLength = ((ip[0] ?? 0) & 15) * 4;
  if (ip.readUInt16BE(2) !== length) throw new Error('IP says another length than the block');
  const tcp = ip.subarray(headerLength);
  const pseudo = Buffer.concat([ip.subarray(12, 20), Buffer.from([0, 6, tcp.length >> 8, tcp.length & 255]), tcp]);
  const set = tcp[13] ?? 0;
  return {
    on: interfaces[body.readUInt32LE(0)] ?? '',
    t: Number((BigInt(body.readUInt32LE(4)) << 32n) | BigInt(body.readUInt32LE(8))) / 1e6,
    from: `${ip.subarray(12, 16).join('.')}:${tcp.readUInt16BE(0)}`,
    to: `${ip.subarray(16, 20).join('.')}:${tcp.readUInt16BE(2)}`,
    seq: tcp.readUInt32BE(4),
    ack: tcp.readUInt32BE(8),
    flags: [...'FSRPA'].filter((_, i) => (set & (1 << i)) !== 0).join(''),
    payload: tcp.subarray(((tcp[12] ?? 0) >> 4) * 4),
    comments: optionsIn(body.subarray(20 + Math.ceil(length / 4) * 4)).flatMap(({ code, value }) => (code === 1 ? [value.toString()] : [])),
    sound: ones(ip.subarray(0, headerLength)) === 0xffff && ones(pseudo) === 0xffff,
  };
}

function optionsIn(bytes: Buffer): { readonly code: number; readonly value: Buffer }[] {
  const options: { code: number; value: Buffer }[] = [];
  for (let at = 0; at + 4 <= bytes.length; ) {
    const [code, length] = [bytes.readUInt16LE(at), bytes.readUInt16LE(at + 2)];
    if (code === 0) break;
    options.push({ code, value: bytes.subarray(at + 4, at + 4 + length) });
    at += 4 + Math.ceil(length / 4) * 4;
  }
  return options;
}

/** The ones' complement sum of 16-bit words: all ones where a checksum among them is right. */
function ones(bytes: Buffer): number {
  let total = 0;
  for (let i = 0; i < bytes.length; i += 2) {
    total += ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0);
    if (total > 0xffff) total -= 0xffff;
  }
  return total;
}

/**
 * The bytes that went from one address to another, put together by their numbers. Throws an Error where some are missing, come twice,
 * or acknowledge what was not sent.
 */
export function streamOf(captured: readonly Captured[], from: string, to: string): Buffer {
  const parts: Buffer[] = [];
  let next: number | undefined;
  let sent = 0;
  let begun: number | undefined;
  for (const each of captured) {
    if (each.from === to && each.to === from) sent = (each.seq + each.payload.length + (/[FS]/.test(each.flags) ? 1 : 0)) >>> 0;
    if (each.from !== from || each.to !== to) continue;
    begun ??= each.seq;
    if (each.seq !== (next ?? begun)) throw new Error(`segment ${each.seq} where ${next} was due`);
    if (each.flags.includes('A') && each.ack !== sent) throw new Error(`${each.ack} is acknowledged, but ${sent} was sent`);
    next = (each.seq + each.payload.length + (/[FS]/.test(each.flags) ? 1 : 0)) >>> 0;
    parts.push(each.payload);
  }
  return Buffer.concat(parts);
}
