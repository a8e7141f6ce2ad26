import type { Dispute, Requirement } from '../protocols/common/requirement.ts';
import { addressOfCase, areaOfRequirement } from './addresses.ts';
import type { SiteProtocol } from './corpora.ts';
import { code, type Entry, type Page, prose, row, table } from './page.ts';

/** A page for each area of a protocol's requirements; each requirement has a heading of its own there. */
export function requirementPages(protocol: SiteProtocol): readonly Page[] {
  const { name, title, requirements } = protocol;
  return [...byArea(requirements)].map(([area, inArea]) => ({
    path: `requirements/${name}/${area}.md`,
    text: [
      `# ${prose(title)}: ${area}`,
      table(
        ['rule', 'level', 'obliges'],
        inArea.map(({ id, level, role }) => row(`[${id}](#${id.toLowerCase()})`, level, prose(role))),
      ),
      ...inArea.map((requirement) => section(requirement, protocol)),
      '',
    ].join('\n\n'),
  }));
}

/** The page that leads to the areas of all catalogues. */
export function requirementsIndex(protocols: readonly SiteProtocol[]): Page {
  const sections = protocols.flatMap(({ name, title, requirements }) => [
    `## ${prose(title)} {#${name}}`,
    table(
      ['area', 'rules', 'from', 'to'],
      [...byArea(requirements)].map(([area, inArea]) =>
        row(`[${area}](/requirements/${name}/${area})`, `${inArea.length}`, inArea[0]?.id ?? '', inArea.at(-1)?.id ?? ''),
      ),
    ),
  ]);
  const intro = 'Every rule that Weir knows, with where it stands, how it is observed and what tests it. `weir explain` says the same.';
  return { path: 'requirements/index.md', text: ['# Requirements', intro, ...sections, ''].join('\n\n') };
}

/** The areas of a protocol's requirements for the navigation. */
export function requirementEntry({ name, title, requirements }: SiteProtocol): Entry {
  return {
    text: title,
    link: `/requirements/#${name}`,
    collapsed: true,
    items: [...byArea(requirements).keys()].map((area) => ({ text: area, link: `/requirements/${name}/${area}` })),
  };
}

function byArea(requirements: readonly Requirement[]): ReadonlyMap<string, readonly Requirement[]> {
  const areas = new Map<string, Requirement[]>();
  for (const requirement of requirements) {
    const area = areaOfRequirement(requirement.id);
    areas.set(area, [...(areas.get(area) ?? []), requirement]);
  }
  return areas;
}

function section(requirement: Requirement, { files, invariants }: SiteProtocol): string {
  const { id, level, role, harm, text, source, observe, disputed, unobservable } = requirement;
  const cases = files.filter((file) => file.cases.some(({ requirements }) => requirements.includes(id)));
  const rules = invariants.filter((invariant) => invariant.requirements.includes(id));
  const facts = [
    `source: ${prose(source)}`,
    `observed by: ${prose(observe)}`,
    ...(unobservable === undefined ? [] : [`not observable: ${prose(unobservable)}`]),
    ...(disputed === undefined ? [] : disputeLines(disputed)),
    ...(rules.length === 0 ? [] : [`invariants: ${rules.map((rule) => code(rule.name)).join(', ')}`]),
    ...(cases.length === 0 ? [] : [`cases: ${cases.map((file) => `[${file.id}](${addressOfCase(file.id)})`).join(', ')}`]),
  ];
  const binds = `**${level}**, obliges ${prose(role)}${harm === undefined ? '' : `, binding as a MUST since breaking it does harm (${harm})`}`;
  return [`## ${id} {#${id.toLowerCase()}}`, binds, prose(text), facts.map((fact) => `- ${fact}`).join('\n')].join('\n\n');
}

function disputeLines({ spec, official, demanded }: Dispute): readonly string[] {
  return [
    `disputed, the specification: ${prose(spec)}`,
    `disputed, the official implementation: ${prose(official)}`,
    demanded === 'both' ? 'demanded: only what holds for either' : `demanded: the ${demanded === 'spec' ? 'first' : 'second'}`,
  ];
}
