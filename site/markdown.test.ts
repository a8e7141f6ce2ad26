import { describe, expect, test } from 'vitest';
import { anchorsIn, fencesIn, linksIn, mapLinks } from './markdown.ts';

describe('links of Markdown', () => {
  test('are found and replaced, but for those in code', () => {
    const text = 'See [a](a.md#x), [`b`](b.md), `[no](c.md)`\n```md\n[no](d.md)\n```\nand [e\nf](e.md).';
    expect(linksIn(text).map(({ target }) => target)).toEqual(['a.md#x', 'b.md', 'e.md']);
    expect(mapLinks(text, ({ text: words, target }) => (target === 'a.md#x' ? undefined : words))).toBe(
      'See [a](a.md#x), `b`, `[no](c.md)`\n```md\n[no](d.md)\n```\nand e\nf.',
    );
  });

  test('a picture is looked for, and stays', () => {
    const text = '![the parts](architecture.svg)';
    expect(linksIn(text)).toEqual([{ text: 'the parts', target: 'architecture.svg' }]);
    expect(mapLinks(text, () => 'gone')).toBe(text);
  });
});

test('anchors are those of repository hosts, and a second heading of a name is numbered', () => {
  const text = '# Is it right?\n## `a.b` and c\n```sh\n# no heading\n```\n## Is it right?\n';
  expect([...anchorsIn(text)]).toEqual(['is-it-right', 'ab-and-c', 'is-it-right-1']);
});

test('fences come with their language, their line, and the comment before them', () => {
  const text = 'one\n```sh\nls\n```\n<!-- not run: it ends the world -->\n\n````\n```\n````\n';
  expect(fencesIn(text)).toEqual([
    { language: 'sh', line: 3, text: 'ls', comment: undefined },
    { language: '', line: 8, text: '```', comment: 'not run: it ends the world' },
  ]);
});
