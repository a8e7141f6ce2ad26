import { dirname, join } from 'node:path/posix';

/** An import as it stands in a source text. */
export interface Import {
  /** As written: a relative path, or a package. */
  readonly target: string;
  /** When what it names is loaded: with the importing file, when the program comes to it, or never, since only types are named. */
  readonly when: 'start' | 'later' | 'never';
}

/** All imports and re-exports of a source text, those of types among them. */
export function importsIn(text: string): readonly Import[] {
  const found = text.matchAll(/\b(?:(import|export)\s+(type\s)?(?:[^'();]*?\sfrom\s*)?|(import)\s*\(\s*)'([^'\n]+)'/g);
  return [...found].map(([, , onlyTypes, later, target = '']) => ({
    target,
    when: later !== undefined ? 'later' : onlyTypes !== undefined ? 'never' : 'start',
  }));
}

/** The file that a relative import of a file names; undefined for a package. Paths are from one root, with slashes. */
export function fileOf(from: string, { target }: Import): string | undefined {
  return target.startsWith('.') ? join(dirname(from), target) : undefined;
}

/**
 * Files that import each other in a circle, each circle once, as a path that ends where it begins; empty where imports run one
 * way. `graph` has what each file imports, whatever the kind of import.
 */
export function circlesIn(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const circles: string[][] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): void => {
    const at = path.indexOf(file);
    if (at >= 0) circles.push([...path.slice(at), file]);
    if (at >= 0 || done.has(file)) return;
    path.push(file);
    for (const next of graph.get(file) ?? []) visit(next);
    path.pop();
    done.add(file);
  };
  for (const file of graph.keys()) visit(file);
  return circles;
}
