import type { Role } from '../../protocols/common/frame.ts';
import { isPlainObject } from '../../protocols/common/value.ts';
import { type CaseHead, type Catalogue, type LoadedCase, obliges } from './case.ts';
import { expectationReader } from './expectations.ts';
import { type CaseLanguage, caseHead } from './grammar.ts';
import { problemsOf } from './issues.ts';
import { checkNames } from './names.ts';
import type { Problem } from './problem.ts';
import { readSource, type Source } from './source.ts';
import { stepReader } from './steps.ts';
import { suggestion } from './suggest.ts';
import { malformedTags } from './tags.ts';

/** A case, or everything that is wrong with it. */
export type ParseOutcome<C extends CaseHead = LoadedCase> =
  | { readonly ok: true; readonly case: C }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads one case file's text. Pure. */
export type ParseCase<C extends CaseHead = LoadedCase> = (file: string, id: string, text: string) => ParseOutcome<C>;

type Head = ReturnType<typeof caseHead.parse>;

/** Steps that can fail: without one of them, and without `expect`, a case checks nothing. */
const CHECKING = new Set(['receive', 'end', 'status', 'handler', 'closed', 'opened', 'await', 'quiet']);

/** Prepares the parser of a protocol's cases. */
export function caseParser(language: CaseLanguage, catalogue: Catalogue): ParseCase {
  const steps = stepReader(language, catalogue.procedureKinds);
  const expectations = expectationReader(language.wirePattern);
  return (file, id, text) => {
    const read = readSource(file, text);
    if (!read.ok) return read;
    const { source } = read;
    const parsed = caseHead.safeParse(source.value);
    if (!parsed.success) {
      const problems = problemsOf(source, [], source.value, parsed.error, caseHead);
      // Steps are judged even when the head is wrong, so that one run shows every error.
      const roles = caseHead.shape['under-test'].safeParse(isPlainObject(source.value) ? source.value['under-test'] : undefined);
      return { ok: false, problems: [...problems, ...steps.read(source, roles.success ? rolesOf(roles.data) : undefined).problems] };
    }
    const head = parsed.data;
    const roles = rolesOf(head['under-test']);
    const flat = steps.read(source, roles);
    const expect = expectations(source, flat.steps);
    const problems = [
      ...checkHead(source, head, roles, language, catalogue),
      ...flat.problems,
      // With steps missing, names would seem unknown that are not.
      ...(flat.problems.length === 0 ? [...checkNames(source, flat.steps, catalogue), ...expect.problems] : []),
      ...checkRequirements(source, head, [
        ...flat.steps.map(({ requirement, path, action }) => ({ requirement, path: [...path, action.kind] })),
        ...expect.lines,
      ]),
    ];
    if (flat.problems.length === 0 && expect.lines.length === 0 && !flat.steps.some(({ action }) => CHECKING.has(action.kind))) {
      problems.push(source.problem(['steps'], 'the case checks nothing', `add one of: ${[...CHECKING].join(', ')}, or \`expect\``, 'key'));
    }
    if (problems.length > 0) return { ok: false, problems };
    return {
      ok: true,
      case: {
        ...toHead(id, file, head),
        server: { serverId: head.server['server-id'], timers: head.server.timers, options: head.server.options },
        steps: flat.steps,
        expect: expect.lines,
        trace: head.trace,
        note: head.note,
      },
    };
  };
}

/** Prepares the parser of the heads alone, for who only asks what there is: steps are neither read nor judged. */
export function headParser(language: CaseLanguage, catalogue: Catalogue): ParseCase<CaseHead> {
  return (file, id, text) => {
    const read = readSource(file, text);
    if (!read.ok) return read;
    const { source } = read;
    const parsed = caseHead.safeParse(source.value);
    if (!parsed.success) return { ok: false, problems: problemsOf(source, [], source.value, parsed.error, caseHead) };
    const problems = checkHead(source, parsed.data, rolesOf(parsed.data['under-test']), language, catalogue);
    return problems.length > 0 ? { ok: false, problems } : { ok: true, case: toHead(id, file, parsed.data) };
  };
}

function toHead(id: string, file: string, head: Head): CaseHead {
  return {
    id,
    title: head.title,
    file,
    requirements: head.requirements,
    tags: head.tags,
    aliases: head.aliases,
    roles: rolesOf(head['under-test']),
    needs: head.needs,
    codecs: head.codecs,
  };
}

function rolesOf(underTest: Head['under-test']): readonly Role[] {
  return [...new Set([underTest].flat())];
}

function checkHead(source: Source, head: Head, roles: readonly Role[], language: CaseLanguage, catalogue: Catalogue): Problem[] {
  const problems: Problem[] = [];
  const unknown = (
    path: readonly (string | number)[],
    word: string,
    what: string,
    known: Iterable<string>,
    on: 'key' | 'value' = 'value',
  ): void => {
    problems.push(source.problem(path, `unknown ${what} \`${word}\``, suggestion(word, known, `${what}s`), on));
  };
  head.requirements.forEach((id, i) => {
    if (!catalogue.requirements.has(id)) unknown(['requirements', i], id, 'requirement', catalogue.requirements.keys());
  });
  head.needs.forEach((name, i) => {
    if (!catalogue.features.has(name)) unknown(['needs', i], name, 'feature', catalogue.features.keys());
  });
  head.codecs?.forEach((name, i) => {
    if (!language.codecs.includes(name)) unknown(['codecs', i], name, 'codec', language.codecs);
  });
  for (const name of Object.keys(head.server.timers)) {
    if (!Object.hasOwn(language.timers, name)) unknown(['server', 'timers', name], name, 'timer', Object.keys(language.timers), 'key');
  }
  problems.push(...malformedTags(source, ['server', 'options'], head.server.options));
  const found = head.requirements.flatMap((id) => catalogue.requirements.get(id) ?? []);
  for (const role of roles) {
    if (found.length === head.requirements.length && !found.some((requirement) => obliges(requirement, role))) {
      const message = `none of the requirements binds the ${role}, which is under test`;
      problems.push(source.problem(['requirements'], message, `name a requirement of the ${role}, or take it out of \`under-test\``));
    }
  }
  return problems;
}

function checkRequirements(
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
