import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type BuildResult, build, type Plugin } from 'esbuild';
import { type PatchedPeer, patched } from './patch.ts';

/** Where builds go, below the package: what they import from packages is found above it. */
const FOLDER = 'node_modules/.cache/weir-mutants';

/**
 * Builds the registry with everything it reaches as one module of its own, patched if a peer is given, and returns its
 * path. The judges go on using the modules that were never patched. Throws where a patch does not fit, does not compile
 * or is of a file that the peers are not built of.
 */
export async function buildRegistry(root: string, peer: PatchedPeer | undefined): Promise<string> {
  const outfile = join(root, FOLDER, `${peer?.id ?? 'unpatched'}.mjs`);
  const unread = new Set(peer?.patches.map(({ file }) => file));
  const result: BuildResult<{ write: false }> = await build({
    entryPoints: [join(root, 'runner/registry.ts')],
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: false,
    logLevel: 'silent',
    write: false,
    plugins: peer === undefined ? [] : [patching(root, peer, unread)],
  });
  const [stray] = unread;
  if (stray !== undefined) throw new Error(`${peer?.id}: the peers are not built of ${stray}`);
  await mkdir(join(root, FOLDER), { recursive: true });
  await writeFile(outfile, result.outputFiles[0]?.text ?? '');
  return outfile;
}

/** Patches what is read, and takes it out of `unread`. */
function patching(root: string, peer: PatchedPeer, unread: Set<string>): Plugin {
  return {
    name: 'patch',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const file = relative(root, path);
        if (!unread.delete(file)) return undefined;
        return { contents: patched(await readFile(path, 'utf8'), file, peer), loader: 'ts' };
      });
    },
  };
}
