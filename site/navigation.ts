import { caseEntry } from './case-pages.ts';
import type { SiteProtocol } from './corpora.ts';
import type { Entry } from './page.ts';
import { requirementEntry } from './requirement-pages.ts';
import { type SchemaSource, schemaEntries } from './schema-pages.ts';

/** Guides by their purpose. One that is named nowhere stands under "More", so that a new one needs no line here. */
const SECTIONS: readonly (readonly [text: string, guides: readonly string[]])[] = [
  ['Begin', ['quick-start', 'first-adapter', 'wire-bug', 'ci-gate', 'new-protocol', 'architecture']],
  ['Test an implementation', ['adapters', 'known-failures', 'ci', 'badges', 'matrix']],
  ['When something is red', ['failures', 'reproduce', 'report', 'diff', 'distil', 'export', 'secrets']],
  ['More ways to look', ['tap', 'fuzz', 'toxics', 'library']],
  ['Cases', ['cases']],
  ['Protocols', ['connect', 'rsocket-interop', 'swill', 'clamator']],
];

/** The navigation of the site: guides in their order, then the reference, the rules and the cases. `titles`: guide → its title. */
export function navigation(
  titles: ReadonlyMap<string, string>,
  protocols: readonly SiteProtocol[],
  schemas: readonly SchemaSource[],
): readonly Entry[] {
  const named = new Set(SECTIONS.flatMap(([, guides]) => guides));
  const rest = [...titles.keys()].filter((guide) => !named.has(guide) && guide !== 'index');
  const sections = [...SECTIONS, ['More', rest] as const].map(([text, guides]) => ({
    text,
    items: guides.flatMap((guide) => {
      const title = titles.get(guide);
      return title === undefined ? [] : [{ text: title, link: `/${guide}` }];
    }),
  }));
  return [
    ...sections.filter(({ items }) => items.length > 0),
    {
      text: 'Reference',
      items: [
        { text: 'Commands', link: '/reference/commands' },
        { text: 'Schemas', link: '/reference/schemas/', collapsed: true, items: schemaEntries(schemas) },
      ],
    },
    { text: 'Requirements', link: '/requirements/', collapsed: true, items: protocols.map(requirementEntry) },
    { text: 'Corpora', link: '/cases/', collapsed: true, items: protocols.map(caseEntry) },
  ];
}
