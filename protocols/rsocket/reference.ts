/** Which stream of which connection, as the core hands it about: `0:5`. */
export function reference(connection: number, streamId: number): string {
  return `${connection}:${streamId}`;
}

/** The stream id in a reference; undefined where there is none. */
export function streamIdIn(found: string | undefined): number | undefined {
  const id = found === undefined ? undefined : Number(found.slice(found.indexOf(':') + 1));
  return id === undefined || Number.isNaN(id) ? undefined : id;
}
