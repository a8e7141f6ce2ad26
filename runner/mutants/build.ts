import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type BuildResult, build, type Plugin } from 'esbuild';
import { type Mutant, patched } from './mutant.ts';

/** Where builds go, below the package: what they import from packages is found above it. */
const FOLDER = 'node_modules/.cache/weir-mutants';

/**
 * Builds the registry with everything it reaches as one module of its own, patched if a mutant is given, and returns its
 * path. The judges go on using the modules that were never patched. Throws where the patch does not fit or does not compile.
 */
export async function buildRegistry(root: string, mutant: Mutant | undefined): Promise<string> {
  const outfile = join(root, FOLDER, `${mutant?.id ?? 'unpatched'}.mjs`);
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
    plugins: mutant === undefined ? [] : [patching(root, mutant)],
  });
  await mkdir(join(root, FOLDER), { recursive: true });
  await writeFile(outfile, result.outputFiles[0]?.text ?? '');
  return outfile;
}

function patching(root: string, mutant: Mutant): Plugin {
  const target = resolve(root, mutant.file);
  return {
    name: 'patch',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (path !== target) return undefined;
        return { contents: patched(await readFile(path, 'utf8'), mutant), loader: 'ts' };
      });
    },
  };
}
