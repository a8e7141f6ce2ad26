import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { bindingNames } from '../../../../protocols/common/binding.ts';
import type { Role } from '../../../../protocols/common/frame.ts';
import { shellWord } from '../../../../reporters/console/shell-word.ts';
import { manifestGrammar } from '../../../adapters/manifest-grammar.ts';
import { firstOfEachKind, mayBePlain } from '../../../doctor/first-cases.ts';
import { scaffold, workflow } from '../../../init/scaffold.ts';
import { registry } from '../../../registry.ts';
import { EXIT, UsageError } from '../../exit.ts';
import { loadCasesOfTexts } from '../../load.ts';
import { answerTo, mustBeSaid, type Question, type Terminal } from './ask.ts';
import { descriptionsOf, kitFolder, languages, templatesOf } from './languages.ts';
import { writeAll } from './write-all.ts';

/** Options of `weir init`. */
export interface InitOptions {
  readonly name?: string;
  readonly protocol?: string;
  readonly language?: string;
  readonly role?: string;
}

const ROLES: ReadonlyMap<string, { readonly says: string; readonly roles: readonly Role[] }> = new Map([
  ['client', { says: 'it calls, and Weir’s reference server answers', roles: ['client'] }],
  ['server', { says: 'it answers, and Weir’s reference client calls', roles: ['server'] }],
  ['both', { says: 'one adapter for its client and its server', roles: ['client', 'server'] }],
]);

/**
 * `weir init`: writes what an adapter begins with, says what comes next, and gives exit code 0. Throws a `UsageError` where something is
 * not known and nobody can be asked, or a file is there already.
 */
export async function initCommand(given: string | undefined, options: InitOptions, terminal: Terminal): Promise<number> {
  const known = languages();
  // Only who is asked reads the titles, and each takes loading its protocol.
  const titleOf = async (id: string): Promise<string> =>
    options.protocol === undefined && terminal.stdin.isTTY ? ((await registry[id]?.protocol())?.title ?? '') : '';
  const protocols = await Promise.all(Object.keys(registry).map(async (id) => [id, await titleOf(id)] as const));
  const named: Question = {
    option: '--name',
    asks: 'Name of your implementation?',
    answers: new Map(),
    otherwise: 'my-adapter',
    objection: noName,
  };
  const spoken: Question = {
    option: '--protocol',
    asks: 'What does it speak?',
    answers: new Map(protocols),
    otherwise: protocols[0]?.[0] ?? '',
  };
  const written: Question = {
    option: '--language',
    asks: 'What is it written in?',
    answers: new Map(known.map((each) => [each.name, each.title])),
    also: new Map(known.flatMap(({ name, also }) => also.map((other) => [other, name]))),
    otherwise: known[0]?.name ?? '',
  };
  const ended: Question = {
    option: '--role',
    asks: 'Which end is it?',
    answers: new Map([...ROLES].map(([role, about]) => [role, about.says])),
    otherwise: 'client',
  };
  const saidName = options.name ?? (given === undefined ? undefined : relative(dirname(resolve(given)), resolve(given)).toLowerCase());
  mustBeSaid(
    [
      [named, saidName],
      [spoken, options.protocol],
      [written, options.language],
      [ended, options.role],
    ],
    terminal,
  );
  const ofFolder = options.name === undefined && saidName !== undefined ? noName(saidName) : undefined;
  if (ofFolder !== undefined)
    throw new UsageError(`the folder’s name, ${saidName}, is no name of an implementation: say --name; ${ofFolder}`);
  const name = await answerTo(named, saidName, terminal);
  const protocol = await answerTo(spoken, options.protocol, terminal);
  const languageName = await answerTo(written, options.language, terminal);
  const role = await answerTo(ended, options.role, terminal);
  const language = known.find((each) => each.name === languageName);
  if (language === undefined) throw new UsageError(`there is no language ${languageName}`);
  const roles: readonly Role[] = ROLES.get(role)?.roles ?? [];
  const loaded = await loadCasesOfTexts(protocol, mayBePlain);

  const folder = given ?? name;
  const kinds = Object.keys(loaded.protocol.kinds);
  // The protocol names its plainest kind first.
  const plainest = firstOfEachKind(loaded.corpus.cases, { roles, features: [] });
  const first = kinds.flatMap((kind) => plainest.filter(({ what }) => what.endsWith(` ${kind}`)))[0]?.case;
  const facts = {
    name,
    protocol,
    roles,
    bindings: bindingNames(loaded.protocol),
    brokered: loaded.protocol.broker !== undefined,
    timers: loaded.protocol.timers,
    kinds,
    features: [...loaded.corpus.features.values()].flatMap((each) =>
      each.role === 'both' || roles.includes(each.role) ? [each.name] : [],
    ),
    first,
  };
  const files = scaffold(facts, language, templatesOf(language)).map(({ path, text }) => ({ path: join(folder, path), text }));
  const root = repositoryOf(resolve(folder)) ?? resolve(folder);
  const fromRoot = relative(root, resolve(folder));
  const flow = join(relative(process.cwd(), root), '.github', 'workflows', `weir-${name}.yml`);
  const kit = language.kit.files.map((file) => ({ from: join(kitFolder(language.name), file), to: join(folder, language.kit.to, file) }));
  const described = descriptionsOf(protocol).map((from) => ({ from, to: join(folder, basename(from)) }));
  const text = workflow(name, fromRoot === '' ? '.' : `./${fromRoot}`, language.ci);
  writeAll([...files, { path: flow, text }], [...kit, ...described]);

  const reference = shellWord(folder.startsWith('/') || folder.startsWith('.') ? folder : `./${folder}`);
  const { stdout } = terminal;
  for (const { path } of files) stdout.write(`written: ${path}\n`);
  const { to } = language.kit;
  const kitPlaces = to === '.' ? language.kit.files : [to];
  stdout.write(
    `written: ${kitPlaces.map((each) => join(folder, each)).join(', ')}, which holds the conversation with Weir\nwritten: ${flow}\n`,
  );
  if (described.length > 0) stdout.write(`written: ${described.map(({ to }) => to).join(', ')}: the messages of the standard services\n`);
  stdout.write(`\nNext:\n`);
  for (const [command, why] of [
    [`npx weir doctor ${reference} --quick`, 'the adapter answers; what is not written yet it says'],
    [undefined, `your library: ${language.library.replaceAll('__FOLDER__', shellWord(folder))}`],
    [undefined, `drive it in ${shellWord(join(folder, language.adapter))}: each place is marked "yours"`],
    ...(first === undefined ? [] : [[`npx weir run ${first} --implementation ${reference}`, 'the first case'] as const]),
    [`npx weir run --implementation ${reference}`, 'all of them'],
  ] as const) {
    stdout.write(command === undefined ? `  ${why}\n` : `  ${command}    # ${why}\n`);
  }
  return EXIT.ok;
}

function noName(name: string): string | undefined {
  return manifestGrammar.shape.name.safeParse(name).success
    ? undefined
    : 'a name has lower-case letters, digits, `.`, `_` and `-`, and begins with a letter or a digit';
}

/** The repository of git that a folder, there or not yet, lies in. */
function repositoryOf(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return undefined;
  }
}
