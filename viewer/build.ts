import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { z } from 'zod';
import { foldersOfPackages, isNotice, noticesOf } from '../runner/cli/notices.ts';
import { packageRoot } from '../runner/package-root.ts';

// Part of `npm run build`: makes the viewer one script and one style sheet, which the reporter puts into its pages. The
// terms of the packages of which it holds copies go along in the script, since pages are handed on by themselves.

const root = packageRoot();
const folder = 'dist/viewer';

const manifest = z.object({ name: z.string(), version: z.string(), license: z.string().optional() });

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: [
    { in: 'viewer/app/main.tsx', out: 'viewer' },
    { in: 'viewer/style/viewer.css', out: 'viewer' },
  ],
  outdir: folder,
  bundle: true,
  minify: true,
  format: 'iife',
  platform: 'browser',
  target: ['es2022'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  charset: 'utf8',
  metafile: true,
  logLevel: 'warning',
  tsconfigRaw: {},
});
const packages = await Promise.all(
  foldersOfPackages(metafile).map(async (path) => {
    const whole = join(root, path);
    const { name, version, license } = manifest.parse(JSON.parse(await readFile(join(whole, 'package.json'), 'utf8')));
    const files = (await readdir(whole, { withFileTypes: true })).filter((entry) => entry.isFile() && isNotice(entry.name));
    return { name, version, license, texts: await Promise.all(files.map((file) => readFile(join(whole, file.name), 'utf8'))) };
  }),
);
const script = join(root, folder, 'viewer.js');
const notice = noticesOf(packages).replaceAll('*/', '* /');
await writeFile(script, `/*\n${notice}*/\n${await readFile(script, 'utf8')}`);
