import type { Role } from '../../protocols/common/frame.ts';
import { isPlainObject } from '../../protocols/common/value.ts';
import { checkAbilities } from './abilities.ts';
import { checkFaults } from './carrier-faults.ts';
import type { CaseHead, Catalogue, LoadedCase } from './case.ts';
import { CHECKING } from './checking.ts';
import { expectationReader } from './expectations.ts';
import { caseHead, underTest } from './grammar.ts';
import { checkHead, checkRequirements, toHead } from './head.ts';
import { problemsOf } from './issues.ts';
import type { CaseLanguage } from './language.ts';
import { checkNames } from './names.ts';
import { partsOf } from './parts.ts';
import { type Problem, untilTooMany } from './problem.ts';
import { serverNames } from './servers.ts';
import { readSource } from './source.ts';
import type { Step } from './step.ts';
import { stepReader } from './steps.ts';
import { labelled, type Part, rolesOf, told, unfold } from './unfold.ts';

/** The cases of a file, or everything that is wrong with it. */
export type FileOutcome<C extends CaseHead = LoadedCase> =
  | { readonly ok: true; readonly cases: readonly C[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Whether a case is wanted, by its id and the ids it had. */
export type Wants = (id: string, aliases: readonly string[]) => boolean;

/**
 * Reads one case file's text; `id` is the one that its path makes. Of a file with axes only the cases that are wanted are made
 * and judged. Pure.
 */
export type ParseFile<C extends CaseHead = LoadedCase> = (file: string, id: string, text: string, wants?: Wants) => FileOutcome<C>;

/** A case, or everything that is wrong with it. */
export type ParseOutcome = { readonly ok: true; readonly case: LoadedCase } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads the one case that a text is of. Pure. */
export type ParseCase = (file: string, id: string, text: string, role?: Role) => ParseOutcome;

/** Prepares the parser of the files of a protocol's cases. */
export function fileParser(language: CaseLanguage, catalogue: Catalogue): ParseFile {
  const steps = stepReader(language, catalogue.procedureKinds);
  const expectations = expectationReader(language.wirePattern, language.callKeys);
  return eachPart((part, file) => {
    const { source } = part;
    const parsed = caseHead.safeParse(source.value);
    if (!parsed.success) {
      const problems = problemsOf(source, [], source.value, parsed.error, caseHead);
      // Steps are judged even when the head is wrong, so that one run shows every error.
      const roles = underTest.safeParse(isPlainObject(source.value) ? source.value['under-test'] : undefined);
      return { ok: false, problems: [...problems, ...steps.read(source, roles.success ? rolesOf(roles.data) : undefined).problems] };
    }
    const head = parsed.data;
    const roles = rolesOf(head['under-test']);
    const flat = steps.read(source, roles);
    const expect = expectations(source, flat.steps);
    const servers = serverNames(flat.steps);
    const parts = partsOf(flat.steps, language.parts, (name) => (servers.has(name) ? 'server' : 'client'));
    const problems = [
      ...checkHead(source, head, roles, language, catalogue, parts),
      ...flat.problems,
      // With steps missing, names would seem unknown that are not.
      ...(flat.problems.length === 0
        ? [
            ...checkNames(source, flat.steps, catalogue, language.callKeys),
            ...checkAbilities(source, flat.steps, language),
            ...checkFaults(source, flat.steps, head.bindings ?? head.codecs, language),
            ...expect.problems,
          ]
        : []),
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
        ...toHead(part, file, head),
        server: {
          serverId: head.server['server-id'],
          timers: head.server.timers,
          options: head.server.options,
          ...(head.server.absent === undefined ? {} : { absent: true as const }),
        },
        ...(parts === undefined ? {} : { parts }),
        ...(needsOwnBroker(flat.steps, language) ? { ownBroker: true as const } : {}),
        steps: flat.steps,
        expect: expect.lines,
        trace: head.trace,
        ...(head.public === undefined ? {} : { public: head.public }),
        note: head.note,
      },
    };
  });
}

/** Whether a step does something to the whole broker, or asks for what reaches beyond the names of the run. */
function needsOwnBroker(steps: readonly Step[], { broker }: CaseLanguage): boolean {
  return steps.some(({ action }) => {
    if (action.kind !== 'broker') return false;
    if ('happens' in action) return true;
    return broker?.reachesAll?.(action.ask.filter((word): word is string | number => typeof word !== 'object')) ?? false;
  });
}

/** Prepares the parser of the heads alone, for who only asks what there is: steps are neither read nor judged. */
export function headParser(language: CaseLanguage, catalogue: Catalogue): ParseFile<CaseHead> {
  return eachPart(
    (part, file) => {
      const { source } = part;
      const parsed = caseHead.safeParse(source.value);
      if (!parsed.success) return { ok: false, problems: problemsOf(source, [], source.value, parsed.error, caseHead) };
      const problems = checkHead(source, parsed.data, rolesOf(parsed.data['under-test']), language, catalogue);
      return problems.length > 0 ? { ok: false, problems } : { ok: true, case: toHead(part, file, parsed.data) };
    },
    ['steps', 'expect'],
  );
}

/**
 * Prepares the parser of single cases. Where the text has axes, the last segments of the id say which of its cases is meant;
 * where it speaks of roles, `role` does, or else the first that it names.
 */
export function caseParser(language: CaseLanguage, catalogue: Catalogue): ParseCase {
  const parse = fileParser(language, catalogue);
  const one: ParseCase = (file, id, text, role) => {
    const read = readSource(file, text);
    const axes = read.ok && isPlainObject(read.source.value) ? read.source.value['axes'] : undefined;
    const segments = isPlainObject(axes) ? Object.keys(axes).filter((name) => name !== 'except').length : 0;
    const base = segments === 0 ? id : id.split('/').slice(0, -segments).join('/');
    const outcome = parse(file, base, text, (each) => each === id);
    if (!outcome.ok) return outcome;
    const found = outcome.cases.find(({ roles }) => role === undefined || roles.includes(role)) ?? outcome.cases[0];
    if (found !== undefined) return { ok: true, case: found };
    const whole = readSource(file, text);
    return {
      ok: false,
      problems: whole.ok ? [whole.source.problem(['axes'], `no combination makes \`${id}\``, undefined, 'key')] : whole.problems,
    };
  };
  return (file, id, text, role) => untilTooMany(() => one(file, id, text, role));
}

type PartOutcome<C> = { readonly ok: true; readonly case: C } | { readonly ok: false; readonly problems: readonly Problem[] };

/** So many wrong cases of a file with axes are told of; the rest waits until they are mended. */
const ENOUGH_BAD_PARTS = 10;

/** Reads a file, takes it apart and reads each part. */
function eachPart<C extends CaseHead>(one: (part: Part, file: string) => PartOutcome<C>, skip: readonly string[] = []): ParseFile<C> {
  const all: ParseFile<C> = (file, id, text, wants) => {
    const read = readSource(file, text);
    if (!read.ok) return read;
    const { parts, problems: wrong } = unfold(read.source, { id, wants, skip });
    const problems = [...wrong];
    const cases: C[] = [];
    let bad = 0;
    for (const part of parts) {
      const outcome = one(part, file);
      if (outcome.ok) cases.push(outcome.case);
      else {
        problems.push(...outcome.problems.map((problem) => labelled(problem, part.label)));
        bad += 1;
      }
      // What is wrong with hundreds of combinations is mostly one thing.
      if (bad >= ENOUGH_BAD_PARTS) break;
    }
    return problems.length > 0 ? { ok: false, problems: told(problems, cases.length + bad) } : { ok: true, cases };
  };
  return (file, id, text, wants) => untilTooMany(() => all(file, id, text, wants));
}
