import { expect, it } from 'vitest';
import { fillIn } from './markdown.ts';

const text = 'a\n<!-- bench:one -->\nold\n<!-- /bench:one -->\nb <!-- bench:two --><!-- /bench:two -->';

it('replaces what stands between the marks of a name, again and again', () => {
  const filled = 'a\n<!-- bench:one -->\n\nnew $& $1\n\n<!-- /bench:one -->\nb <!-- bench:two --><!-- /bench:two -->';
  expect(fillIn(text, 'one', 'new $& $1')).toBe(filled);
  expect(fillIn(fillIn(text, 'one', 'first'), 'one', 'new $& $1')).toBe(filled);
});

it('says which marks are missing', () => {
  expect(() => fillIn(text, 'three', '')).toThrow('<!-- bench:three -->');
  expect(() => fillIn('<!-- /bench:x --><!-- bench:x -->', 'x', '')).toThrow('no place for x');
});
