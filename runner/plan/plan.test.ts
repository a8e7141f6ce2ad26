import { describe, expect, test } from 'vitest';
import type { Corpus } from '../cases/case.ts';
import { buildCorpus } from '../cases/corpus.ts';
import { formatProblem } from '../cases/problem.ts';
import { toyCase, toyLanguage } from '../cases/testing/toy.ts';
import { type EndFacts, type Ends, plan } from './plan.ts';
import { casesByRequirement, explainRequirement } from './requirements.ts';
import { reachOf, type Selection, select } from './select.ts';

const STEPS = '  - invoke: { as: sum, procedure: toys.add }\n  - end: sum\n';
const files = {
  'requirements.yaml': `- { id: TOY-01, level: MUST, role: both, source: Toys, text: Do., observe: Look. }
- { id: TOY-02, level: SHOULD, role: client, source: Toys, text: Do., observe: Look. }\n`,
  'services.yaml': 'procedures: { toys.add: { kind: rpc } }\n',
  'features.yaml': 'wheels: { role: client, text: Rolls. }\n',
  'rpc/add.yaml': toyCase(STEPS, { requirements: '[TOY-01]' }),
  'rpc/many.yaml': toyCase(STEPS, { requirements: '[TOY-01]', tags: '[slow]', needs: '[wheels]', aliases: '[toy/old/many]' }),
  'endless/count.yaml': toyCase(STEPS, { requirements: '[TOY-01]', tags: '[long]', bindings: '[plain]', 'under-test': 'client' }),
  'wire/scripted.yaml': toyCase(`${STEPS}  - peer: { mute: true }\n`, { requirements: '[TOY-02]', 'under-test': 'client' }),
  'wire/packed.yaml': toyCase(STEPS, { requirements: '[TOY-01]', bindings: '[packed]' }),
};

function toyCorpus(): Corpus {
  const outcome = buildCorpus(
    toyLanguage,
    Object.entries(files).map(([path, text]) => ({ path, shown: path, text })),
  );
  if (!outcome.ok) throw new Error(outcome.problems.map(formatProblem).join('\n'));
  return outcome.corpus;
}

const corpus = toyCorpus();
const BINDINGS = ['plain', 'packed'];
const reference: EndFacts = {
  name: 'reference',
  version: '1',
  reference: true,
  roles: ['client', 'server'],
  bindings: BINDINGS,
  features: [],
};
const ends: Ends = { underTest: reference, peer: reference };

function runs(patterns: readonly string[], more: Partial<Selection> = {}, pair: Ends = ends): readonly ReturnType<typeof plan>[number][] {
  return plan(corpus, { patterns, ...more }, pair, { bindings: BINDINGS });
}

function ids(patterns: readonly string[]): string[] {
  return select(corpus, { patterns }, BINDINGS).map(({ id }) => id);
}

describe('a selection', () => {
  test('is everything where nothing is named', () => {
    expect(ids([])).toEqual(['toy/rpc/add', 'toy/rpc/many', 'toy/wire/packed', 'toy/wire/scripted']);
  });

  test('takes globs, folders, ids without the protocol, negations and old ids', () => {
    expect(ids(['toy/rpc/*'])).toEqual(['toy/rpc/add', 'toy/rpc/many']);
    expect(ids(['rpc'])).toEqual(['toy/rpc/add', 'toy/rpc/many']);
    expect(ids(['**/add'])).toEqual(['toy/rpc/add']);
    expect(ids(['!rpc/**'])).toEqual(['toy/wire/packed', 'toy/wire/scripted']);
    expect(ids(['rpc/*', '!**/many'])).toEqual(['toy/rpc/add']);
    expect(ids(['old/many'])).toEqual(['toy/rpc/many']);
  });

  test.each([
    [['rpc/ad'], /no case matches `rpc\/ad`; did you mean `toy\/rpc\/add`\?/],
    [['nothing/like/it'], /areas: toy\/endless, toy\/rpc/],
    [['nowhere/many'], /did you mean `toy\/rpc\/many`(?: or `toy\/old\/many`)?\?/],
    [['!rpc/gone'], /no case matches `!rpc\/gone`/],
  ])('that names nothing is an error with a guess: %s', (patterns, message) => {
    expect(() => ids(patterns)).toThrow(message);
  });

  test('what takes long runs only where it is asked for', () => {
    expect(ids([])).not.toContain('toy/endless/count');
    expect(ids(['!rpc/**'])).not.toContain('toy/endless/count');
    expect(ids(['endless/*'])).toEqual(['toy/endless/count']);
    expect(runs([], { tags: ['long'] }).map((run) => run.case.id)).toEqual(['toy/endless/count']);
    expect(runs([], { long: true }).map((run) => run.case.id)).toContain('toy/endless/count');
  });

  test('by tag, requirement and role narrows', () => {
    expect(runs([], { tags: ['slow'] }).map((run) => run.case.id)).toContain('toy/rpc/many');
    expect(runs([], { tags: ['!slow'] }).map((run) => run.case.id)).not.toContain('toy/rpc/many');
    expect(runs([], { tags: ['!slow'] }).map((run) => run.case.id)).toContain('toy/rpc/add');
    expect(runs(['**'], { tags: ['slow', 'long', '!slow'] }).map((run) => run.case.id)).toEqual(['toy/endless/count']);
    expect(() => runs([], { tags: ['!slwo'] })).toThrow(/unknown tag `slwo`; did you mean `slow`/);
    expect(new Set(runs([], { requirements: ['TOY-02'] }).map((run) => run.case.id))).toEqual(new Set(['toy/wire/scripted']));
    expect(runs([], { roles: ['server'] }).every((run) => run.role === 'server')).toBe(true);
    expect(() => runs([], { tags: ['slwo'] })).toThrow(/unknown tag `slwo`; did you mean `slow`/);
    expect(() => runs([], { requirements: ['TOY-1'] })).toThrow(/TOY-01/);
    expect(() => runs(['wire/scripted'], { roles: ['server'] })).toThrow(/exclude each other/);
  });
});

describe('a plan', () => {
  test('is case by role by binding by repeat', () => {
    expect(runs(['rpc/add']).map(({ id }) => id)).toEqual([
      'toy/rpc/add@client+plain',
      'toy/rpc/add@client+packed',
      'toy/rpc/add@server+plain',
      'toy/rpc/add@server+packed',
    ]);
    const twice = plan(corpus, { patterns: ['rpc/add@client+plain'] }, ends, { bindings: BINDINGS, repeat: 2 });
    expect(twice.map(({ id }) => id)).toEqual(['toy/rpc/add@client+plain', 'toy/rpc/add@client+plain#2']);
  });

  test('takes whole run ids', () => {
    expect(runs(['toy/rpc/add@server+packed']).map(({ id }) => id)).toEqual(['toy/rpc/add@server+packed']);
    expect(runs(['rpc/add@server'])).toHaveLength(2);
    // `!` leaves out as much as it names.
    expect(runs(['rpc/add', '!rpc/add@server+packed']).map(({ id }) => id)).toEqual([
      'toy/rpc/add@client+plain',
      'toy/rpc/add@client+packed',
      'toy/rpc/add@server+plain',
    ]);
    expect(runs(['rpc/add', '!rpc/add@client']).map(({ role }) => role)).toEqual(['server', 'server']);
    expect(runs(['!rpc/add@*+packed']).filter(({ id }) => id.startsWith('toy/rpc/add@'))).toHaveLength(2);
  });

  test('keeps to the bindings of a case', () => {
    expect(new Set(runs(['wire/packed']).map(({ binding }) => binding))).toEqual(new Set(['packed']));
  });

  test('skips what the implementation lacks, and says what', () => {
    const bare: EndFacts = { name: 'bare', version: '2', reference: false, roles: ['client'], bindings: ['plain'], features: [] };
    const skips = new Map(runs([], {}, { underTest: bare, peer: reference }).map(({ id, skip }) => [id, skip]));
    expect(skips.get('toy/rpc/add@client+plain')).toBeUndefined();
    expect(skips.get('toy/rpc/add@client+packed')).toBe('bare has no packed binding');
    expect(skips.get('toy/rpc/add@server+plain')).toBe('bare has no server');
    expect(skips.get('toy/rpc/many@client+plain')).toBe('bare does not declare `wheels`');
    expect(skips.get('toy/wire/scripted@client+plain')).toBeUndefined();
  });

  test('skips scripted cases where the peer is no reference peer', () => {
    const other: EndFacts = { ...reference, name: 'other', reference: false };
    const [run] = runs(['wire/scripted'], {}, { underTest: reference, peer: other });
    expect(run?.skip).toMatch(/need the reference server, not other/);
  });
});

describe('requirements', () => {
  test('are explained with the cases that name them', () => {
    expect(explainRequirement(corpus, 'toy-02').cases.map(({ id }) => id)).toEqual(['toy/wire/scripted']);
    expect(() => explainRequirement(corpus, 'TOY-9')).toThrow(/did you mean/);
  });

  test('all have an entry, even without a case', () => {
    expect([...casesByRequirement(corpus).keys()]).toEqual(['TOY-01', 'TOY-02']);
  });
});

describe('what patterns reach of a corpus', () => {
  const files = ['toy/rpc/add', 'toy/rpc/table', 'toy/wire/table'];
  const reached = (...patterns: string[]): string[] => files.filter(reachOf('toy', patterns).file);

  test('is the file of a case, also where its id goes on with values of axes', () => {
    expect(reached('rpc/add')).toEqual(['toy/rpc/add']);
    expect(reached('rpc/table/seq/missing@client+packed')).toEqual(['toy/rpc/table']);
    expect(reached('rpc/table/*/missing')).toEqual(['toy/rpc/table']);
    expect(reached('wire')).toEqual(['toy/wire/table']);
    expect(reached('rpc/*')).toEqual(['toy/rpc/add', 'toy/rpc/table']);
    expect(reached('**/missing')).toEqual(files);
  });

  test('is, by text, a file that says that a case had the id before', () => {
    const { text, wants } = reachOf('toy', ['old/table/seq']);
    expect(text('aliases: [toy/old/table]')).toBe(true);
    expect(text('aliases: [toy/old/other]')).toBe(false);
    expect(wants('toy/rpc/table/seq', ['toy/old/table/seq'])).toBe(true);
    expect(wants('toy/rpc/table/ack', ['toy/old/table/ack'])).toBe(false);
  });

  test('is of a file with axes only the combinations that are named', () => {
    const { wants } = reachOf('toy', ['rpc/table/*/missing']);
    expect([wants('toy/rpc/table/seq/missing', []), wants('toy/rpc/table/seq/text', [])]).toEqual([true, false]);
    expect(reachOf('toy', ['rpc/table']).wants('toy/rpc/table/seq/text', [])).toBe(true);
  });
});
