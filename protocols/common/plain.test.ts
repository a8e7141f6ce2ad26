import { describe, expect, test } from 'vitest';
import { forTerminal, jsonText, oneLine, plain, REDRAW } from './plain.ts';
import { acting } from './testing/acting.ts';

/** Anything that a reader would not see as it is. */
const UNSEEN = /[^\P{C}\u{e000}-\u{f8ff}\n]|[\u2028\u2029]/u;

describe.each(acting)('a text that %s', (_what, text) => {
  test('acts no more, and keeps its letters', () => {
    expect(plain(text)).not.toMatch(UNSEEN);
    expect(oneLine(text)).not.toMatch(UNSEEN);
    expect(oneLine(text)).not.toContain('\n');
    for (const word of text.match(/[a-z]{3,}/gi) ?? []) expect(oneLine(text)).toContain(word);
    expect(oneLine(plain(text)).replaceAll('\\n', '\n')).toBe(plain(text));
  });

  test('is the same value again in JSON', () => {
    const written = jsonText({ [text]: [text] }, 2);
    expect(written).not.toMatch(UNSEEN);
    expect(JSON.parse(written)).toEqual({ [text]: [text] });
  });

  test('does not pass to a terminal', () => {
    for (const interactive of [false, true]) {
      const shown = forTerminal(`told: ${text}`, { colours: true, interactive });
      expect(shown).not.toMatch(UNSEEN);
    }
  });
});

test('text that only is read stays as it is', () => {
  const text = 'naïve 🌍 日本語 العربية עברית e\u0301 – „so“\n\tand on';
  expect(plain(text)).toBe(text);
  expect(forTerminal(text, { colours: false, interactive: false })).toBe(text);
});

test('our own colours and redrawn lines pass where the terminal has them', () => {
  const own = `${REDRAW}\u001b[1;31m3/4\u001b[39m`;
  expect(forTerminal(own, { colours: true, interactive: true })).toBe(own);
  expect(forTerminal(own, { colours: false, interactive: false })).not.toMatch(UNSEEN);
});
