import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { load } from 'js-yaml';
import { z } from 'zod';
import { packageRoot } from '../package-root.ts';
import { dynamicGroups, inLayers, layersOf } from './layers.ts';
import { type BundledPackage, foldersOfPackages, isNotice, noticeOf, noticesOf } from './notices.ts';

// Part of `npm run build`: makes the command line few files instead of hundreds, packages included, of which a command loads
// those it needs. What else is built, mutants among it, stays a file a source.

const root = packageRoot();
const folder = 'dist/runner/cli';
/** What commands share; the names hold hashes, so those of an earlier build are in the way. */
const chunks = 'chunks';

const manifest = z.object({ name: z.string(), version: z.string(), license: z.string().optional() });

const options = {
  absWorkingDir: root,
  entryPoints: ['main', 'thread', 'loop-watcher', 'peers'].map((name) => `runner/cli/${name}.ts`),
  outdir: folder,
  chunkNames: `${chunks}/[name]-[hash]`,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // They, or what they use, bring no text of their licence, without which nobody may hand on a copy. Few commands load them.
  external: ['toxiproxy-node-client', 'badge-maker'],
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: true,
  sourcesContent: false,
  metafile: true,
  logLevel: 'warning',
  // Packages that are CommonJS ask for Node's modules by `require`, which a module has not.
  banner: { js: "import { createRequire as requireOf } from 'node:module';\nconst require = requireOf(import.meta.url);" },
} as const satisfies BuildOptions;

/** What is loaded by nearly every command; what `list` needs, and on top of it what a run does. */
const commands = [
  ['runner/cli/commands/list/list.ts', 'runner/cli/masked-output.ts'],
  ['runner/cli/commands/run/run.ts', 'runner/worlds/real/index.ts', 'runner/worlds/simulated/index.ts'],
];

const { inputs } = (await build({ ...options, write: false })).metafile;
const layers = layersOf(inputs, commands, dynamicGroups(inputs, 'runner/registry.ts'));
await rm(join(root, folder, chunks), { recursive: true, force: true });
const { metafile } = await build({ ...options, plugins: [inLayers(root, inputs, layers, ['runner/cli/thread.ts'])] });
const packages = await Promise.all(foldersOfPackages(metafile).map((each) => readPackage(join(root, each))));
await writeFile(join(root, folder, 'THIRD-PARTY-NOTICES.txt'), noticesOf(packages));

// What an adapter made of our peers reads at each of its starts, as JSON: reading YAML took a tenth of one.
for (const name of await readdir(join(root, 'cases'))) {
  await mkdir(join(root, 'dist/cases', name), { recursive: true });
  for (const catalogue of ['services', 'features']) {
    const read = load(await readFile(join(root, 'cases', name, `${catalogue}.yaml`), 'utf8'));
    await writeFile(join(root, 'dist/cases', name, `${catalogue}.json`), JSON.stringify(read));
  }
}

async function readPackage(path: string): Promise<BundledPackage> {
  const { name, version, license } = manifest.parse(JSON.parse(await readFile(join(path, 'package.json'), 'utf8')));
  const files = (await readdir(path, { withFileTypes: true })).filter((entry) => entry.isFile() && isNotice(entry.name));
  const own = join(root, noticeOf(name));
  const paths = files.length === 0 && existsSync(own) ? [own] : files.map((file) => join(path, file.name));
  const texts = await Promise.all(paths.map((file) => readFile(file, 'utf8')));
  return { name, version, license, texts };
}
