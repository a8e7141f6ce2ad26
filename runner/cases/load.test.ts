import { expect, test } from 'vitest';
import { idOfFile, partOfId } from './load.ts';

test.each([
  ['mine/sum.yaml', 'mine/sum'],
  ['./weir-report/fuzz/7-1138.yaml', 'weir-report/fuzz/7-1138'],
  ['river/rpc/add.yaml', 'rpc/add'],
  ['/home/me/project/weir-report/fuzz/7-1138.yaml', 'fuzz/7-1138'],
  ['../../elsewhere/with/many/folders/a.yaml', 'folders/a'],
  ['../a.yaml', 'a'],
  ['/a.yaml', 'a'],
])('the id of the case file %s is short', (path, id) => {
  expect(idOfFile('river', path)).toBe(id);
});

test.each(['rpc/*', 'river/malformed/field/*/missing', 'a/b/c/d'])('a pattern that is no path, %s, stays as it is', (pattern) => {
  expect(partOfId(pattern)).toBe(pattern);
});
