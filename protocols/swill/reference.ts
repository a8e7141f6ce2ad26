import type { Seq } from './frame.ts';

/** Which request of which connection, as the core hands it about: `0:5`. */
export function reference(connection: number, seq: Seq): string {
  return `${connection}:${seq}`;
}

/** The parts of a reference. */
export function partsOf(found: string): { readonly connection: number; readonly seq: Seq } {
  const [connection = '', seq = ''] = found.split(':');
  const number = Number(seq);
  return { connection: Number(connection), seq: Number.isSafeInteger(number) ? number : BigInt(seq) };
}
