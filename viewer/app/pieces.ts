import { INDEX_PIECE, type Page, type PieceId } from '../page.ts';

/** Unpacks a piece that the page holds. Rejects where there is none of that id. */
export async function unpack(id: PieceId): Promise<string> {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no piece ${id}; it is not whole`);
  const bytes = Uint8Array.from(atob(element.textContent ?? ''), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Response(stream).text();
}

/** Unpacks a piece of JSON. */
export async function unpackJson<T>(id: PieceId): Promise<T> {
  return JSON.parse(await unpack(id)) as T;
}

/** The index of the page. */
export function unpackIndex(): Promise<Page> {
  return unpackJson<Page>(INDEX_PIECE);
}
