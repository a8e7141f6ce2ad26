import { describe, expect, test } from 'vitest';
import { create } from 'xmlbuilder2';
import { oneLine } from '../../protocols/common/plain.ts';
import { ladderRows } from '../../viewer/model/ladder.ts';
import type { TraceRecordRead } from '../bundles/records.ts';
import { jsonLines } from './jsonl.ts';
import { mermaidOf } from './mermaid.ts';
import { svgOf } from './svg.ts';
import { delivered, records, sent } from './testing/records.ts';

const rowsOf = (trace: readonly TraceRecordRead[]) => ladderRows({ records: trace, timeScale: 1, closing: 1_000_000 });

/** Texts that mean something in XML, HTML, Mermaid, Markdown or a terminal. */
const HOSTILE = [
  '<script>alert(1)</script>',
  '</text><image href="http://x/"/>',
  ']]>&amp;&#60;',
  '%%{init: {}}%%',
  'a;b\nclient->>server: forged',
  '```\n# heading',
  '$$\\href{x}$$',
  '\u001b[2J\u0000\ufffe\ud800',
  'abc\u202egnp.exe',
];

const HARD = records(
  { type: 'opened', connection: 0 },
  ...HOSTILE.map((text) => sent('client', text)),
  ...HOSTILE.map((what) => ({ type: 'fault', what }) as const),
  ...HOSTILE.map((text) => delivered('client', undefined, text)),
  ...HOSTILE.map((call) => ({ type: 'application', role: 'server', instance: 'main', event: { kind: 'end', call } }) as const),
);

describe('a picture', () => {
  test('is well-formed, and what others wrote is text in it', () => {
    const svg = svgOf(rowsOf(HARD), HOSTILE.join(' '));
    const names = new Set<string>();
    create(svg).each(({ node }) => void names.add(node.nodeName), false, true);
    expect([...names].sort()).toEqual(['#text', 'g', 'line', 'path', 'rect', 'style', 'svg', 'text', 'title']);
    expect(svg).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(oneLine(svg.replaceAll('\n', ''))).toBe(svg.replaceAll('\n', ''));
  });

  test('shows a frame as what became of it', () => {
    const svg = svgOf(
      rowsOf(
        records(
          { type: 'opened', connection: 0 },
          sent('client', 'passes'),
          delivered('server', 1, 'passes'),
          sent('client', 'lost'),
          sent('server', 'odd'),
          delivered('client', 4, 'ODD', true),
          delivered('client', undefined, 'extra'),
          { type: 'closed', connection: 0, by: 'client', how: 'rst' },
        ),
      ),
      'a case',
    );
    const classes = Array.from(svg.matchAll(/<g class="(\w+)"/g), ([, name]) => name);
    expect(classes).toEqual(['opened', 'delivered', 'dropped', 'altered', 'injected', 'closed']);
    expect(svg).toContain('says odd → says ODD');
    expect(svg).toContain('connection 0 ended by the client: reset');
  });

  test('of a long trace shows the beginning and says so', () => {
    const svg = svgOf(rowsOf(records(...Array.from({ length: 1500 }, () => sent('client', 'x')))), 'a case');
    expect(svg).toContain('500 more rows left out');
  });
});

describe('a sequence diagram', () => {
  test('holds no markup but its own', () => {
    const lines = mermaidOf(rowsOf(HARD), HOSTILE.join(' ')).trimEnd().split('\n');
    const own = /^(sequenceDiagram| {2}title | {2}participant \w+$| {2}\w+(->>|-x)\w+: | {2}Note (left of|right of|over) [\w,]+: )/;
    expect(lines.filter((line) => !own.test(line))).toEqual([]);
    // Behind that nothing but letters, what reads as itself, and codes.
    const rest = lines.map((line) => line.replace(own, '').replaceAll(/#\d+;/g, ''));
    expect(rest.filter((text) => /[^\p{L}\p{N} .,_/()=+'"…–-]/u.test(text))).toEqual([]);
    expect(lines).toHaveLength(4 + 1 + 1 + 4 * HOSTILE.length);
  });

  test('shows a frame as what became of it', () => {
    const text = mermaidOf(
      rowsOf(
        records(
          sent('client', 'passes'),
          delivered('server', 0, 'passes'),
          sent('client', 'lost'),
          sent('server', 'odd'),
          delivered('client', 3, 'ODD', true),
          delivered('client', undefined, 'extra'),
        ),
      ),
      'a case',
    );
    expect(text.split('\n').slice(5, -1)).toEqual([
      '  client->>server: says passes',
      '  client-xproxy: says lost',
      '  server->>proxy: says odd',
      '  proxy->>client: altered#58; says ODD',
      '  proxy->>client: injected#58; says extra',
    ]);
  });

  test('is never longer than Mermaid draws, and says what is left out', () => {
    const text = mermaidOf(rowsOf(records(...Array.from({ length: 3000 }, () => sent('client', 'x'.repeat(80))))), 'a case');
    expect(text.length).toBeLessThan(50_000);
    expect(text).toMatch(/: \d+ more rows left out, since Mermaid draws no longer diagram\n$/);
  });
});

describe('decoded lines', () => {
  test('are the frames without their bytes, a line each, nothing in it that acts', () => {
    const lines = [...jsonLines(HARD)];
    expect(lines.map((line) => `${oneLine(line.slice(0, -1))}\n`)).toEqual(lines);
    const read = lines.map((line) => JSON.parse(line));
    expect(read).toHaveLength(2 * HOSTILE.length);
    expect(read[0]).toEqual({
      n: 1,
      t: 1,
      type: 'sent',
      connection: 0,
      from: 'client',
      summary: `says ${HOSTILE[0]}`,
      frame: { kind: 'message', class: 'data', text: true, bytes: HOSTILE[0]?.length },
    });
    expect(read[7].summary).toBe(`says ${HOSTILE[7]}`);
  });
});
