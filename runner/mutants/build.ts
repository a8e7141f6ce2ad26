import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildResult, build, type Plugin } from 'esbuild';
import type { Role } from '../../protocols/common/frame.ts';
import { makeFolder } from '../files/make-folder.ts';
import { type PatchedPeer, patched } from './patch.ts';

/** Where builds go, in a folder for each builder, below the package: what they import from packages is found above it. */
const FOLDER = 'node_modules/.cache/weir-mutants';

/** The source that leads to every peer. */
const ENTRY = 'runner/registry.ts';

const SHAPE = {
  bundle: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: false,
  logLevel: 'silent',
  write: false,
} as const;

/** Path of the registry with the peers as they are. `npm run build` makes it. */
export function unpatchedRegistry(root: string): string {
  return join(root, compiled(ENTRY));
}

/**
 * Builds the registry with a peer's patches in it and gives the path of the module; with a protocol only the peer of that one has them, which
 * takes less. Throws where a patch does not fit,
 * does not compile or is of a file that the peers are not built of.
 */
export type BuildRegistry = (peer: PatchedPeer, protocol?: string) => Promise<string>;

/** The peers of a protocol, of those that the registry leads to. */
interface Peers {
  readonly protocol: string;
  readonly roles: readonly Role[];
}

/** Makes of a source, by its path relative to the root, what is built. */
export type Change = (file: string, source: string) => string;

/** What builds registries. */
export interface Builder {
  readonly build: BuildRegistry;
  /**
   * Text of the registry with these sources and those that lead to them in it, each as `change` makes it, where they are of these `peers` (all,
   * where none are given); `id` is what the result is called. Throws as `build` does.
   */
  text(files: readonly string[], id: string, change: Change, peers?: Peers): Promise<string>;
  /** Writes the text of a registry and gives the path of the module. */
  write(id: string, text: string): Promise<string>;
  /** Takes away all that it has written. */
  close(): Promise<void>;
}

/**
 * Prepares to build registries. Only patched sources and those that lead to them are built anew. All others are the ones
 * that the judges use; the judges go on using sources that were never patched.
 */
export async function registryBuilder(root: string): Promise<Builder> {
  const importers = await importersOf(root);
  makeFolder(join(root, FOLDER));
  // Of its own: peers of two protocols may have one id, and both be built at a time.
  const folder = await mkdtemp(join(root, FOLDER, 'of-'));
  const text: Builder['text'] = async (files, id, change, peers) => {
    const stray = files.find((file) => !importers.has(file));
    if (stray !== undefined) throw new Error(`${id}: the peers are not built of ${stray}`);
    const plugins = [changing(root, change, leadingTo(files, importers), peers)];
    const result: BuildResult<{ write: false }> = await build({ ...SHAPE, entryPoints: [join(root, ENTRY)], plugins });
    return result.outputFiles[0]?.text ?? '';
  };
  const write: Builder['write'] = async (id, built) => {
    const outfile = join(folder, `${id}.mjs`);
    await writeFile(outfile, built);
    return outfile;
  };
  return {
    text,
    write,
    build: async (peer, protocol) => {
      const peers = protocol === undefined ? undefined : { protocol, roles: [peer.role] };
      return write(peer.id, await text(filesOf(peer), peer.id, (file, source) => patched(source, file, peer), peers));
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Hands a builder on, and takes away what it has written once that is over. */
export async function withBuilder<T>(root: string, use: (builder: Builder) => Promise<T>): Promise<T> {
  const builder = await registryBuilder(root);
  try {
    return await use(builder);
  } finally {
    await builder.close();
  }
}

/** The sources that a peer's patches are of. */
export function filesOf({ patches }: Pick<PatchedPeer, 'patches'>): string[] {
  return patches.map(({ file }) => file);
}

/** By source, its path relative to the root: the sources that import it. */
type Importers = ReadonlyMap<string, readonly string[]>;

async function importersOf(root: string): Promise<Importers> {
  const { metafile } = await build({ ...SHAPE, entryPoints: [ENTRY], metafile: true, absWorkingDir: root });
  const importers = new Map<string, string[]>(Object.keys(metafile.inputs).map((source) => [source, []]));
  for (const [importer, { imports }] of Object.entries(metafile.inputs)) {
    for (const { path } of imports) importers.get(path)?.push(importer);
  }
  return importers;
}

function leadingTo(sources: readonly string[], importers: Importers): ReadonlySet<string> {
  const found = new Set(sources);
  for (const source of found) for (const importer of importers.get(source) ?? []) found.add(importer);
  return found;
}

/** What the registry imports only for others than these peers is not asked of what is built. */
function isOf(source: string, { protocol, roles }: Peers): boolean {
  return roles.some((role) => source.startsWith(`reference-${role}/${protocol}/`));
}

function changing(root: string, change: Change, anew: ReadonlySet<string>, peers: Peers | undefined): Plugin {
  return {
    name: 'change',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^\./ }, ({ path, resolveDir, importer }) => {
        const source = relative(root, resolve(resolveDir, path));
        const isMeant = peers === undefined || importer !== join(root, ENTRY) || isOf(source, peers);
        return isMeant && anew.has(source) ? undefined : { path: pathToFileURL(join(root, compiled(source))).href, external: true };
      });
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const file = relative(root, path);
        return { contents: change(file, await readFile(path, 'utf8')), loader: 'ts' };
      });
    },
  };
}

function compiled(source: string): string {
  return join('dist', source.replace(/\.ts$/, '.js'));
}
