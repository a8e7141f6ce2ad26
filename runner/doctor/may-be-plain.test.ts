import { expect, test } from 'vitest';
import type { Role } from '../../protocols/common/frame.ts';
import { loadCasesOfTexts, loadProtocol } from '../cli/load.ts';
import { registry } from '../registry.ts';
import { firstOfEachKind, mayBePlain } from './first-cases.ts';

const WHO: readonly (readonly Role[])[] = [['client'], ['server'], ['client', 'server']];

test.each(Object.keys(registry))('the first cases of %s are the same where only files are read that may hold plain ones', async (name) => {
  const all = (await loadProtocol(name)).corpus.cases;
  const some = (await loadCasesOfTexts(name, mayBePlain)).corpus.cases;
  expect(some.length).toBeLessThan(all.length);
  for (const roles of WHO) {
    const able = { roles, features: [] };
    expect(firstOfEachKind(some, able)).toEqual(firstOfEachKind(all, able));
  }
});
