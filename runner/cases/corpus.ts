import * as z from 'zod';
import type { Dispute, Requirement } from '../../protocols/common/requirement.ts';
import type { CaseHead, Catalogue, Corpus, Feature, LoadedCase } from './case.ts';
import { problemsOf } from './issues.ts';
import type { CaseLanguage } from './language.ts';
import { fileParser, headParser, type ParseFile, type Wants } from './parse.ts';
import { type Problem, untilTooMany } from './problem.ts';
import { type Path, readSource, type Source } from './source.ts';

/** A file of a corpus folder: its path inside the folder, the path to show people, and its text. */
export interface CorpusFile {
  /** `reconnect/within-grace.yaml` */
  readonly path: string;
  /** As it was found, for messages. */
  readonly shown: string;
  readonly text: string;
}

/** A corpus, or everything that is wrong with all of its files. */
export type CorpusOutcome<C extends CaseHead = LoadedCase> =
  | { readonly ok: true; readonly corpus: Corpus<C> }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const requirementSchema = (parts: readonly string[]) =>
  z.strictObject({
    id: z.string(),
    level: z.enum(['MUST', 'MUST-NOT', 'SHOULD', 'MAY', 'IMPL']),
    role: z.enum(['client', 'server', 'both', ...parts]),
    source: z.string(),
    text: z.string(),
    observe: z.string(),
    faults: z.union([z.string().transform((text) => [text]), z.array(z.string())]).default([]),
    harm: z.enum(['data', 'hang', 'crash', 'intrusion']).optional(),
    disputed: z
      .strictObject({
        spec: z.string(),
        official: z.string(),
        demanded: z.enum(['spec', 'official', 'both']),
      })
      .optional(),
    unobservable: z.string().optional(),
  });
const servicesSchema = z.looseObject({ procedures: z.record(z.string(), z.looseObject({ kind: z.string() })) });
const featuresSchema = z.record(z.string(), z.strictObject({ role: z.enum(['client', 'server', 'both']), text: z.string() }));

/** Files of a corpus folder that are not cases. */
export const CATALOGUE_FILES = ['requirements.yaml', 'services.yaml', 'features.yaml', 'fuzz.yaml'] as const;

/** Builds the corpus of a protocol from its files, or of it the cases that are wanted. Pure. */
export function buildCorpus(language: CaseLanguage, files: readonly CorpusFile[], wants?: Wants): CorpusOutcome {
  return untilTooMany(() => buildCorpusOf(language, files, fileParser, wants));
}

/** Builds a corpus without steps, in a fraction of the time. Pure. */
export function buildHeads(language: CaseLanguage, files: readonly CorpusFile[], wants?: Wants): CorpusOutcome<CaseHead> {
  return untilTooMany(() => buildCorpusOf(language, files, headParser, wants));
}

function buildCorpusOf<C extends CaseHead>(
  language: CaseLanguage,
  files: readonly CorpusFile[],
  parser: (language: CaseLanguage, catalogue: Catalogue) => ParseFile<C>,
  wants: Wants | undefined,
): CorpusOutcome<C> {
  const problems: Problem[] = [];
  const read = <T>(path: string, schema: z.ZodType<T>): { readonly source: Source; readonly value: T } | undefined => {
    const file = files.find((candidate) => candidate.path === path);
    if (file === undefined) return undefined;
    const outcome = readSource(file.shown, file.text);
    if (!outcome.ok) {
      problems.push(...outcome.problems);
      return undefined;
    }
    const parsed = schema.safeParse(outcome.source.value);
    if (parsed.success) return { source: outcome.source, value: parsed.data };
    problems.push(...problemsOf(outcome.source, [], outcome.source.value, parsed.error, schema));
    return undefined;
  };

  const requirementList = read('requirements.yaml', z.array(requirementSchema(Object.keys(language.parts ?? {}))));
  const services = read('services.yaml', servicesSchema);
  const featureList = read('features.yaml', featuresSchema);
  const requirements = new Map<string, Requirement>();
  requirementList?.value.forEach((entry, i) => {
    if (requirements.has(entry.id)) problems.push(requirementList.source.problem([i, 'id'], `requirement \`${entry.id}\` is listed twice`));
    requirements.set(entry.id, { ...entry, disputed: disputeOf(entry.disputed), unobservable: entry.unobservable });
  });
  const features = new Map<string, Feature>();
  for (const [name, { role, text }] of Object.entries(featureList?.value ?? {})) features.set(name, { name, role, text });
  const procedureKinds = Object.fromEntries(Object.entries(services?.value.procedures ?? {}).map(([name, { kind }]) => [name, kind]));
  const catalogue: Catalogue = { requirements, procedureKinds, features };
  // With a broken catalogue every name in every case would seem unknown.
  if (problems.length > 0) return { ok: false, problems };

  const cases: C[] = [];
  const parse = parser(language, catalogue);
  for (const file of files) {
    if (CATALOGUE_FILES.some((name) => name === file.path)) continue;
    const outcome = parse(file.shown, `${language.name}/${file.path.replace(/\.yaml$/, '')}`, file.text, wants);
    if (outcome.ok) cases.push(...outcome.cases);
    else problems.push(...outcome.problems);
  }
  problems.push(...checkAliases(cases, files));
  if (problems.length > 0) return { ok: false, problems };
  cases.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  return { ok: true, corpus: { protocol: language.name, cases, services: services?.value, ...catalogue } };
}

/** No profile has picked a side yet. */
function disputeOf(written: Omit<Dispute, 'ruling'> | undefined): Dispute | undefined {
  return written === undefined ? undefined : { ...written, ruling: written.demanded === 'both' ? 'binding' : 'open' };
}

/** An id or alias may stand for the cases of one file only. */
function checkAliases(cases: readonly CaseHead[], files: readonly CorpusFile[]): Problem[] {
  const owners = new Map<string, string>();
  const ids = new Set(cases.map(({ id }) => id));
  const problems: Problem[] = [];
  const say = (file: string, path: Path, on: 'key' | 'value', message: string, hint: string): void => {
    const read = readSource(file, files.find(({ shown }) => shown === file)?.text ?? '');
    if (read.ok) problems.push(read.source.problem(path, message, hint, on));
  };
  for (const { id, file } of cases) {
    const owner = owners.get(id) ?? file;
    if (owner !== file) say(file, ['axes'], 'key', `\`${id}\` is a case of ${owner} already`, 'give one of the files another name');
    owners.set(id, owner);
  }
  for (const { id, file, aliases, combination } of cases) {
    aliases.forEach((alias, i) => {
      const owner = owners.get(alias);
      owners.set(alias, owner ?? file);
      if (owner === undefined || (owner === file && !ids.has(alias))) return;
      const message = alias === id ? `\`${alias}\` is the id of this very case` : `\`${alias}\` stands for ${owner} already`;
      const [path, on]: [Path, 'key' | 'value'] = combination === undefined ? [['aliases', i], 'value'] : [['aliases', alias], 'key'];
      say(file, path, on, message, 'an alias is an id this case alone had before');
    });
  }
  return problems;
}
