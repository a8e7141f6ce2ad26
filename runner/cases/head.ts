import { bindingNames } from '../../protocols/common/binding.ts';
import type { Role } from '../../protocols/common/frame.ts';
import { type CaseHead, type Catalogue, obliges } from './case.ts';
import type { caseHead } from './grammar.ts';
import type { CaseLanguage } from './language.ts';
import type { Parts } from './parts.ts';
import type { Problem } from './problem.ts';
import type { Source } from './source.ts';
import { suggestion } from './suggest.ts';
import { malformedTags } from './tags.ts';
import { type Part, rolesOf } from './unfold.ts';

/** The head of a case as its file has it. */
export type Head = ReturnType<typeof caseHead.parse>;

/** A head as all who look at cases know it. */
export function toHead({ id, aliases, combination }: Part, file: string, head: Head): CaseHead {
  return {
    id,
    title: head.title,
    file,
    requirements: head.requirements,
    tags: head.tags,
    aliases,
    ...(combination === undefined ? {} : { combination }),
    roles: rolesOf(head['under-test']),
    needs: head.needs,
    bindings: head.bindings ?? head.codecs,
  };
}

/** What is wrong with a head: names that nobody knows, requirements that bind nobody under test. */
export function checkHead(
  source: Source,
  head: Head,
  roles: readonly Role[],
  language: CaseLanguage,
  catalogue: Catalogue,
  parts?: Parts,
): Problem[] {
  const problems: Problem[] = [];
  const unknown = (
    path: readonly (string | number)[],
    word: string,
    what: string,
    known: Iterable<string>,
    on: 'key' | 'value' = 'value',
  ): void => {
    const absent = language.notThereYet?.named.test(word) === true ? `: ${language.notThereYet.says}` : '';
    problems.push(source.problem(path, `unknown ${what} \`${word}\`${absent}`, suggestion(word, known, `${what}s`), on));
  };
  head.requirements.forEach((id, i) => {
    if (!catalogue.requirements.has(id)) unknown(['requirements', i], id, 'requirement', catalogue.requirements.keys());
  });
  head.needs.forEach((name, i) => {
    if (!catalogue.features.has(name)) unknown(['needs', i], name, 'feature', catalogue.features.keys());
  });
  for (const key of ['bindings', 'codecs'] as const) {
    head[key]?.forEach((name, i) => {
      if (!bindingNames(language).includes(name)) unknown([key, i], name, 'binding', bindingNames(language));
    });
  }
  if (head.bindings !== undefined && head.codecs !== undefined) {
    problems.push(source.problem(['codecs'], '`codecs` is another name of `bindings`, and both are here', 'keep one of them', 'key'));
  }
  for (const name of Object.keys(head.server.timers)) {
    if (!Object.hasOwn(language.timers, name)) unknown(['server', 'timers', name], name, 'timer', Object.keys(language.timers), 'key');
  }
  problems.push(...malformedTags(source, ['server', 'options'], head.server.options));
  if (head.server.absent === true && language.broker === undefined) {
    problems.push(source.problem(['server', 'absent'], `clients of ${language.title} dial a server: it has to be there`, undefined, 'key'));
  }
  const found = head.requirements.flatMap((id) => catalogue.requirements.get(id) ?? []);
  const unseen = found.flatMap(({ id, unobservable }) => (unobservable === undefined ? [] : [`\`${id}\`: ${unobservable}`]));
  if (found.length > 0 && unseen.length === head.requirements.length) {
    problems.push(source.problem(['requirements'], `no case can test ${unseen.join('; ')}`, undefined));
  }
  for (const role of roles) {
    if (found.length === head.requirements.length && !found.some((requirement) => obliges(requirement, role, parts?.[role]))) {
      const message = `none of the requirements binds the ${role}, which is under test`;
      problems.push(source.problem(['requirements'], message, `name a requirement of the ${role}, or take it out of \`under-test\``));
    }
  }
  return problems;
}

/** Steps and expectations that name requirements which their case does not. */
export function checkRequirements(
  source: Source,
  head: Head,
  judged: readonly { readonly requirement: string | undefined; readonly path: readonly (string | number)[] }[],
): Problem[] {
  return judged.flatMap(({ requirement, path }) => {
    if (requirement === undefined || head.requirements.includes(requirement)) return [];
    const message = `\`${requirement}\` is not among the requirements of this case`;
    return [source.problem([...path, 'requirement'], message, 'add it to `requirements`')];
  });
}
