import type { HttpField } from '../../carriers/http/head.ts';
import { joinedValue } from '../../carriers/http/head.ts';
import type { MessageFrame } from '../../common/frame.ts';
import type { StepInWords } from '../../common/retelling.ts';
import { sameValue, setOwn } from '../../common/value.ts';
import type { ConnectMessage } from '../message.ts';
import type { Piece } from '../script.ts';
import { pieceBytes, type Usual } from '../scripted.ts';

/** How the body behind a head is framed, and the length that it says. */
export function framingWords(fields: readonly HttpField[], isRequest: boolean): { readonly framing: string; readonly length?: number } {
  const length = Number(joinedValue(fields, 'content-length') ?? Number.NaN);
  if (/chunked/i.test(joinedValue(fields, 'transfer-encoding') ?? '')) return { framing: 'chunked' };
  if (Number.isSafeInteger(length) && length >= 0) return { framing: 'length', length };
  return { framing: isRequest ? 'none' : 'close' };
}

/** Fields that writing a body says by itself. */
const OF_FRAMING: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding']);

/** The fields of a head as a script gives them, `usual` being those that it has anyway; the host is that of the run. */
export function headerWords(fields: readonly HttpField[], usual: readonly string[]): StepInWords {
  const words: Record<string, string | string[] | null> = {};
  const lower = new Set(fields.map(({ name }) => name.toLowerCase()));
  for (const name of usual) if (!lower.has(name.toLowerCase())) setOwn(words, name, null);
  for (const { name, value } of fields) {
    if (OF_FRAMING.has(name.toLowerCase()) || name.toLowerCase() === 'host') continue;
    const before = Object.hasOwn(words, name) ? (words[name] ?? []) : undefined;
    setOwn(words, name, before === undefined ? value : [...[before].flat(), value]);
  }
  return words;
}

/** A piece of a script that writes just the bytes of a frame of a body. */
export function pieceWords(message: ConnectMessage, { data }: MessageFrame, usual: Usual): Piece {
  const { value, error, json } = { value: undefined, error: undefined, json: undefined, ...message };
  const plain: Piece[] = [
    ...(message.type === 'message' || message.type === 'body' ? [{ value }] : []),
    ...(error === undefined || !isRecord(json) ? [] : [{ error: json }]),
    ...(message.type === 'end-of-stream' && isRecord(json) ? [{ end: json }] : []),
  ];
  const bytes = new Uint8Array(data);
  return plain.find((piece) => writes(piece, bytes, usual)) ?? { hex: Buffer.from(data).toString('hex'), bare: true };
}

function writes(piece: Piece, bytes: Uint8Array, usual: Usual): boolean {
  try {
    return sameValue(new Uint8Array(pieceBytes(piece, usual)), bytes);
  } catch {
    return false;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
