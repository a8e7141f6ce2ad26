/** Which exchange of which connection, as the core hands it about: `0:5`. */
export function reference(connection: number, exchange: number): string {
  return `${connection}:${exchange}`;
}

/** The parts of a reference. */
export function partsOf(found: string): { readonly connection: number; readonly exchange: number } {
  const [connection, exchange] = found.split(':').map(Number);
  return { connection: connection ?? -1, exchange: exchange ?? -1 };
}
