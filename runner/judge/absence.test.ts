import { expect, test } from 'vitest';
import type { Requirement } from '../../protocols/common/requirement.ts';
import type { Finding } from '../results/result.ts';
import { absenceAt, PRESENCE } from './wire-judge.ts';

const ABSENCE: Finding = {
  judge: 'wire',
  checkpoint: PRESENCE,
  level: 'MUST',
  message: 'nothing that the server sent reached the wire',
  events: [],
  fingerprint: 'wire/none/nothing/missing',
};
const WAITED: Finding = {
  judge: 'expectation',
  checkpoint: 'step:3',
  requirement: 'TOY-01',
  level: 'SHOULD',
  message: 'no frame was sent',
  step: 3,
  events: [7],
  fingerprint: 'expectation/TOY-01/await/timeout',
};
const requirement = (disputed?: Requirement['disputed']): Requirement => ({ id: 'TOY-01', disputed }) as Requirement;

test('that nothing came is told with what was waited for, and stays binding and one cause', () => {
  const told = absenceAt(ABSENCE, WAITED, () => requirement());
  expect(told).toEqual({
    ...ABSENCE,
    message: 'no frame was sent; nothing that the server sent reached the wire',
    requirement: 'TOY-01',
    step: 3,
  });
});

test('a rule that is disputed makes no question of it', () => {
  const disputed = { spec: 'a', official: 'b', demanded: 'both' } as const;
  expect(absenceAt(ABSENCE, WAITED, () => requirement(disputed as Requirement['disputed']))).not.toHaveProperty('requirement');
});

test('where no step waited it is told alone', () => {
  expect(absenceAt(ABSENCE, undefined, () => requirement())).toBe(ABSENCE);
});
