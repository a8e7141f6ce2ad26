import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { packageRoot } from '../package-root.ts';

// Part of `npm run build`: makes the command line few files instead of hundreds, packages included, of which a command loads
// those it needs. What else is built, mutants among it, stays a file a source.

const root = packageRoot();
const folder = 'dist/runner/cli';
/** What commands share; the names hold hashes, so those of an earlier build are in the way. */
const chunks = 'chunks';

await rm(join(root, folder, chunks), { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: ['runner/cli/main.ts', 'runner/cli/thread.ts'],
  outdir: folder,
  chunkNames: `${chunks}/[name]-[hash]`,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
  // Packages that are CommonJS ask for Node's modules by `require`, which a module has not.
  banner: { js: "import { createRequire as requireOf } from 'node:module';\nconst require = requireOf(import.meta.url);" },
});
