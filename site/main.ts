import { join } from 'node:path';
import { execa } from 'execa';
import { packageRoot } from '../runner/package-root.ts';
import { brokenLinks } from './built-links.ts';
import { siteMatter, writeMatter } from './write.ts';

/** Writes the pages, builds the site and looks whether every link in it leads somewhere: `npm run docs`. */
const root = packageRoot();
const folder = join(root, 'site');
const matter = await siteMatter(root);
writeMatter(matter, root, join(folder, '.pages'));
process.stdout.write(`${matter.pages.length} pages\n`);
await execa('npm', ['ci', '--no-fund', '--no-audit', '--silent'], { cwd: folder, stdio: 'inherit' });
await execa(join(folder, 'node_modules', '.bin', 'vitepress'), ['build', '.'], { cwd: folder, stdio: 'inherit' });
const broken = brokenLinks(join(folder, 'dist'));
for (const each of broken) process.stderr.write(`${each}\n`);
process.stdout.write(broken.length === 0 ? 'site/dist is the site; npm run docs:open shows it\n' : `${broken.length} links lead nowhere\n`);
process.exitCode = broken.length === 0 ? 0 : 1;
