import type { CaseHead } from '../runner/cases/case.ts';
import { addressOfRequirement, anchorOfCase, partsOfCase } from './addresses.ts';
import type { CaseFile, SiteProtocol } from './corpora.ts';
import { block, code, type Entry, type Page, prose, row, table } from './page.ts';

/** A page for each area of a protocol's corpus; each case file has a heading of its own there. */
export function casePages({ name, title, files }: SiteProtocol): readonly Page[] {
  return [...byArea(files)].map(([area, inArea]) => ({
    path: `cases/${name}/${area}.md`,
    text: [`# ${name}/${area}`, `${counted(inArea)} of ${prose(title)}.`, ...inArea.map(section), ''].join('\n\n'),
  }));
}

/** The page that leads to the areas of all corpora. */
export function casesIndex(protocols: readonly SiteProtocol[]): Page {
  const sections = protocols.flatMap(({ name, title, files }) => [
    `## ${prose(title)} {#${name}}`,
    table(
      ['area', 'files', 'cases'],
      [...byArea(files)].map(([area, inArea]) =>
        row(
          `[${area}](/cases/${name}/${area})`,
          `${inArea.length}`,
          inArea.reduce((sum, { cases }) => sum + cases.length, 0).toLocaleString('en'),
        ),
      ),
    ),
  ]);
  const intro = 'Every case file of the corpora, by area. A file with [axes](/cases#axes) stands for many cases; `weir list` names each.';
  return { path: 'cases/index.md', text: ['# Cases', intro, ...sections, ''].join('\n\n') };
}

/** The areas of a protocol's cases for the navigation. */
export function caseEntry({ name, title, files }: SiteProtocol): Entry {
  return {
    text: title,
    link: `/cases/#${name}`,
    collapsed: true,
    items: [...byArea(files).keys()].map((area) => ({ text: area, link: `/cases/${name}/${area}` })),
  };
}

function byArea(files: readonly CaseFile[]): ReadonlyMap<string, readonly CaseFile[]> {
  const areas = new Map<string, CaseFile[]>();
  for (const file of files) {
    const { area } = partsOfCase(file.id);
    areas.set(area, [...(areas.get(area) ?? []), file]);
  }
  return areas;
}

function counted(files: readonly CaseFile[]): string {
  const cases = files.reduce((sum, file) => sum + file.cases.length, 0);
  return `${cases.toLocaleString('en')} ${cases === 1 ? 'case' : 'cases'} in ${files.length} ${files.length === 1 ? 'file' : 'files'}`;
}

function section({ id, text, cases }: CaseFile): string {
  const { protocol, name } = partsOfCase(id);
  const all = (of: (head: CaseHead) => readonly string[]): readonly string[] => [...new Set(cases.flatMap(of))];
  const facts = [
    ['id', code(id)],
    ['under test', all(({ roles }) => roles).join(', ')],
    [
      'rules',
      all(({ requirements }) => requirements)
        .map((rule) => `[${rule}](${addressOfRequirement(protocol, rule)})`)
        .join(', '),
    ],
    [
      'needs',
      all(({ needs }) => needs)
        .map(code)
        .join(', '),
    ],
    [
      'bindings',
      all(({ bindings }) => bindings ?? [])
        .map(code)
        .join(', '),
    ],
    [
      'tags',
      all(({ tags }) => tags)
        .map(code)
        .join(', '),
    ],
    ['cases', cases.length > 1 ? `${cases.length.toLocaleString('en')}, such as ${code(cases[0]?.id ?? id)}` : ''],
    ['run it', code(`npx weir run '${id}'`)],
  ].filter(([, value]) => value !== '');
  return [
    `## ${prose(titleOf(text) ?? cases[0]?.title ?? id)} {#${anchorOfCase(name)}}`,
    facts.map(([label, value]) => `- ${label}: ${value}`).join('\n'),
    block('text', text),
  ].join('\n\n');
}

/** The title as it is written, where it stands on one line; of a file with axes it names the axis and not a value. */
function titleOf(text: string): string | undefined {
  const [, title] = /^title: (?!['">|])(.+)$/m.exec(text) ?? [];
  return title;
}
