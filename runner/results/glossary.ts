import { isAbsolute, relative } from 'node:path';
import type { VariationRule } from '../../protocols/common/normalise.ts';
import type { Requirement } from '../../protocols/common/requirement.ts';
import type { LoadedCase } from '../cases/case.ts';
import type { Glossary, Rule } from './result.ts';

/** What the words of a report are taken from. */
export interface GlossaryMatter {
  /** Name and version of the protocol. */
  readonly title: string;
  readonly requirements: ReadonlyMap<string, Requirement>;
  readonly variations: readonly VariationRule[];
  /** The cases that were planned; one may be named often. */
  readonly cases: Iterable<LoadedCase>;
  /** Folder of the package: case files are named relative to it. */
  readonly root: string;
  /** The text of a case file, and whether secrets are masked in it; undefined where it cannot be read. */
  readonly read: (file: string) => { readonly text: string; readonly masked: boolean } | undefined;
}

/** Gathers the words that case-runs name by id. */
export function glossaryOf({ title, requirements, variations, cases, root, read }: GlossaryMatter): Glossary {
  const glossary: Glossary = { title, requirements: {}, variations: {}, cases: {}, files: {} };
  for (const requirement of requirements.values()) glossary.requirements[requirement.id] = ruleOf(requirement);
  for (const { name, allowedBy, describe } of variations) glossary.variations[name] = { allowedBy, describe };
  for (const { id, file: path, steps } of cases) {
    if (Object.hasOwn(glossary.cases, id)) continue;
    const file = within(root, path);
    if (!Object.hasOwn(glossary.files, file)) {
      const found = read(path);
      if (found === undefined) continue;
      glossary.files[file] = found.text;
      if (found.masked) glossary.masked = [...(glossary.masked ?? []), file];
    }
    glossary.cases[id] = { file, steps: steps.map(({ line, column }) => ({ line, column })) };
  }
  return glossary;
}

/** A rule as reports show it. */
export function ruleOf({ level, role, source, text, disputed, unobservable }: Requirement): Rule {
  const rule = { level, role, source, text, ...(unobservable === undefined ? {} : { unobservable }) };
  if (disputed === undefined) return rule;
  const { spec, official, demanded } = disputed;
  return { ...rule, disputed: { spec, official, demanded } };
}

function within(root: string, file: string): string {
  const path = relative(root, file).replaceAll('\\', '/');
  return path.startsWith('../') || isAbsolute(path) ? file : path;
}
