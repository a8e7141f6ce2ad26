import { SourceMap, type SourceMapPayload } from 'node:module';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Reads the source map of a built file, given as a `file:` URL; undefined where it has none. */
export type ReadMap = (file: string) => SourceMapPayload | undefined;

/**
 * A stack with the places in built files replaced by those in the sources they were built from, as paths from `root`. What has
 * no map stays as it is. This spares everybody `--enable-source-maps`, which reads every map before anything is wrong.
 */
export function withSourcePositions(stack: string, root: string, readMap: ReadMap): string {
  const maps = new Map<string, SourceMap | undefined>();
  const mapOf = (file: string): SourceMap | undefined => {
    if (!maps.has(file)) {
      const payload = readMap(file);
      maps.set(file, payload && new SourceMap(payload));
    }
    return maps.get(file);
  };
  return stack.replaceAll(/(file:\/\/[^\s()]+):(\d+):(\d+)/g, (place: string, file: string, line: string, column: string) => {
    const origin = mapOf(file)?.findOrigin(Number(line), Number(column));
    if (origin === undefined || !('fileName' in origin)) return place;
    const source = relative(root, fileURLToPath(new URL(origin.fileName, file)));
    return `${source}:${origin.lineNumber}:${origin.columnNumber}`;
  });
}
