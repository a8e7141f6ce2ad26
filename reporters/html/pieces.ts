import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import type { PieceId } from '../../viewer/page.ts';

const deflate = promisify<Uint8Array, { level: number }, Buffer>(deflateRaw);

/** Level of compression: higher ones take several times as long for a few per cent. */
const LEVEL = 5;

/** A piece of a page: an element that no browser reads as anything but text. */
export interface Piece {
  readonly id: PieceId;
  /** Raw deflate in base64. */
  readonly text: string;
}

/** Packs a text, or its bytes. */
export async function pack(id: PieceId, content: string | Uint8Array): Promise<Piece> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return { id, text: (await deflate(bytes, { level: LEVEL })).toString('base64') };
}

/** Packs a value as JSON. */
export async function packJson(id: PieceId, value: unknown): Promise<Piece> {
  return pack(id, JSON.stringify(value));
}
