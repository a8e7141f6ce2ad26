import { describe, expect, test } from 'vitest';
import type { Requirement } from '../../protocols/common/requirement.ts';
import { mainRequirement } from '../judge/judge-run.ts';
import type { LoadedCase } from './case.ts';
import { buildCorpus } from './corpus.ts';
import { caseParser } from './parse.ts';
import { toyCase, toyCatalogue, toyLanguage } from './testing/toy.ts';

const language = { ...toyLanguage, callers: ['client', 'server'], parts: { asker: 'caller', teller: 'callee' } } as const;
const [any] = toyCatalogue.requirements.values();
const rule = (role: string): [string, Requirement] => [role, { ...(any as Requirement), id: role, role }];
const catalogue = { ...toyCatalogue, requirements: new Map([rule('asker'), rule('teller'), rule('both')]) };

const CLIENT = '  - invoke: { as: a, procedure: toys.add }\n  - end: a\n';
const SERVER = '  - invoke: { as: b, at: server, procedure: toys.add }\n  - end: b\n';
const MUTE = '  - peer: { mute: true }\n';

function read(steps: string, head: Readonly<Record<string, string>>): LoadedCase | string {
  const outcome = caseParser(language, catalogue)('toy/a.yaml', 'toy/a', toyCase(steps, head));
  return outcome.ok ? outcome.case : outcome.problems.map(({ message }) => message).join('; ');
}

describe('a rule of a part in a call', () => {
  test.each([
    ['client', CLIENT, 'asker'],
    ['server', CLIENT, 'teller'],
    ['client', SERVER, 'teller'],
    ['server', SERVER, 'asker'],
    ['client', CLIENT + SERVER, 'teller'],
    ['client', '  - quiet: { for: 1, no-connection: true }\n', 'teller'],
    ['client', CLIENT + MUTE, 'teller'],
  ] as const)('obliges the %s where %s', (role, steps, wanted) => {
    const loaded = read(steps, { requirements: '[teller, asker]', 'under-test': role });
    if (typeof loaded === 'string') throw new Error(loaded);
    expect(mainRequirement(loaded, role, (id) => catalogue.requirements.get(id))).toBe(wanted);
  });

  test('that the role under test does not play is refused, as a rule of the other role is', () => {
    expect(read(CLIENT, { requirements: '[teller]', 'under-test': 'client' })).toBe(
      'none of the requirements binds the client, which is under test',
    );
    expect(read(CLIENT, { requirements: '[teller]', 'under-test': 'server' })).toMatchObject({ requirements: ['teller'] });
  });
});

test('a catalogue may oblige the parts of its protocol and no others, and say faults in one text', () => {
  const requirements = (role: string) => `- { id: X-1, level: MUST, role: ${role}, source: s, text: t, observe: o, faults: drop it }\n`;
  const files = (role: string) => [{ path: 'requirements.yaml', shown: 'requirements.yaml', text: requirements(role) }];
  const built = buildCorpus(language, files('asker'));
  expect(built.ok && built.corpus.requirements.get('X-1')).toMatchObject({ role: 'asker', faults: ['drop it'] });
  expect(buildCorpus(toyLanguage, files('asker'))).toMatchObject({ ok: false, problems: [{ line: 1 }] });
});
