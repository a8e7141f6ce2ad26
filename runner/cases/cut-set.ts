import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { makeFolder } from '../files/make-folder.ts';
import { packageRoot } from '../package-root.ts';
import { protocolEntry } from '../registry.ts';
import { eachOnce } from './case.ts';
import { loadHeads } from './load.ts';
import { SETS_FOLDER, setNames } from './load-set.ts';

/** Cuts a frozen set of all cases there are: `npm run cut-set -- <protocol> <name>`. One that there is already stays as it is. */
const [protocol = '', name = ''] = process.argv.slice(2);
const language = await protocolEntry(protocol).protocol();
const folder = join(packageRoot(), 'cases', protocol);
if (!/^[\w.-]+$/.test(name)) throw new Error('usage: npm run cut-set -- <protocol> <name>');
if (setNames(folder).includes(name)) throw new Error(`the set ${name} is frozen; cut one of another name`);
const cases = eachOnce(loadHeads({ folder, language }).cases);
const cut = new Date().toISOString().slice(0, 10);
const text = stringify({ title: `What ${language.title} requires as of ${cut}`, cut, cases: cases.map(({ id }) => id) });
makeFolder(join(folder, SETS_FOLDER));
const target = join(folder, SETS_FOLDER, `${name}.yaml`);
writeFileSync(target, text);
process.stdout.write(`${cases.length} cases in ${target}\n`);
