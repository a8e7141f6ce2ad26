import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { EditError, editList, type ListEdit } from './edit-list.ts';

const TEXT = `# What this file is.
# Kept by hand.

# about a
- case: river/a   # trailing a
  reason: >
    A long text that goes on
    and ends here.
# about b
- { case: river/b, reason: "quoted" }

- case:
  - x
  - y   # why y
  reason: 'single'
  versions:
    - "1.0"   # the old one
    - "2.0"
# tail
`;

const edit = (changes: Partial<ListEdit>): ListEdit => ({ remove: new Set(), set: new Map(), drop: new Map(), add: [], ...changes });

test('an edit without changes changes nothing', () => {
  expect(editList(TEXT, edit({}))).toBe(TEXT);
});

test('an entry goes with the comments right above it; what speaks of the file stays', () => {
  expect(editList(TEXT, edit({ remove: new Set([0]) }))).toBe(`# What this file is.
# Kept by hand.

# about b
${TEXT.slice(TEXT.indexOf('- { case'))}`);
  expect(editList(TEXT, edit({ remove: new Set([1]) }))).toBe(TEXT.replace('# about b\n- { case: river/b, reason: "quoted" }\n', ''));
  expect(editList(TEXT, edit({ remove: new Set([2]) }))).toBe(`${TEXT.slice(0, TEXT.indexOf('- case:\n'))}# tail\n`);
  const headed = '# header\n- case: a\n  reason: b\n- case: c\n  reason: d\n';
  expect(editList(headed, edit({ remove: new Set([0]) }))).toBe('# header\n- case: c\n  reason: d\n');
  expect(editList(headed, edit({ remove: new Set([0, 1]) }))).toBe('# header\n');
});

test('members are set in place, new ones before the second', () => {
  const text = editList(
    TEXT,
    edit({
      set: new Map([
        [0, { versions: ['1'] }],
        [1, { versions: ['1', '2'] }],
        [2, { reason: 'x' }],
      ]),
    }),
  );
  expect(text).toBe(`# What this file is.
# Kept by hand.

# about a
- case: river/a   # trailing a
  versions: ["1"]
  reason: >
    A long text that goes on
    and ends here.
# about b
- { case: river/b, versions: ["1", "2"], reason: "quoted" }

- case:
  - x
  - y   # why y
  reason: x
  versions:
    - "1.0"   # the old one
    - "2.0"
# tail
`);
});

test('elements go from the lists of an entry', () => {
  expect(editList(TEXT, edit({ drop: new Map([[2, { case: ['x'], versions: ['1.0'] }]]) }))).toBe(
    TEXT.replace('  - x\n', '').replace('    - "1.0"   # the old one\n', ''),
  );
  expect(editList('- { case: [a, b, c], reason: d }\n', edit({ drop: new Map([[0, { case: ['b'] }]]) }))).toBe(
    '- { case: [a, c], reason: d }\n',
  );
});

test('entries are put at the end, whatever the end looks like', () => {
  const add = [{ case: ['p', 'q'], role: 'client', versions: ['0.17'], reason: '(to be explained) x: y' }];
  const written = '- case:\n  - p\n  - q\n  role: client\n  versions: [ "0.17" ]\n  reason: "(to be explained) x: y"\n';
  expect(editList(TEXT, edit({ add }))).toBe(TEXT + written);
  expect(editList('', edit({ add }))).toBe(written);
  expect(editList('# nothing yet\n', edit({ add }))).toBe(`# nothing yet\n${written}`);
  expect(parse(editList('[]', edit({ add })))).toEqual(add);
  expect(editList('- { case: a, reason: b }', edit({ add }))).toBe(`- { case: a, reason: b }\n${written}`);
});

test.each(['a: b', '[{ case: a, reason: b }]', '- a', '- {'])('%j is refused', (text) => {
  expect(() => editList(text, edit({ remove: new Set([0]) }))).toThrow();
});

test('what is left reads as it did', () => {
  const value = fc.oneof(fc.string(), fc.array(fc.string(), { minLength: 1, maxLength: 3 }));
  const entry = fc.record({ case: value, reason: fc.string({ minLength: 1 }) });
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 6 }), fc.array(fc.boolean()), (entries, removed) => {
      const text = editList('# head\n', edit({ add: entries }));
      const remove = new Set(entries.flatMap((_, i) => (removed[i] ? [i] : [])));
      const left = editList(text, edit({ remove }));
      expect(parse(left) ?? []).toEqual(entries.filter((_, i) => !remove.has(i)));
      expect(left.startsWith('# head\n')).toBe(true);
    }),
  );
});

test('line ends and indentation are those of the file', () => {
  const add = [{ case: 'p', reason: 'r' }];
  const crlf = '# head\r\n\r\n# about a\r\n- case: a\r\n  reason: b\r\n- case: c\r\n  reason: d\r\n';
  expect(editList(crlf, edit({ remove: new Set([0]), set: new Map([[1, { binding: 'json' }]]), add }))).toBe(
    '# head\r\n\r\n- case: c\r\n  binding: json\r\n  reason: d\r\n- case: p\r\n  reason: r\r\n',
  );
  const indented = '# head\n\n  - case: a\n    reason: b\n';
  expect(editList(indented, edit({ add }))).toBe(`${indented}  - case: p\n    reason: r\n`);
});

test.each([
  ['an anchor that is used elsewhere', '- case: &l [a, c]\n  reason: b\n- case: *l\n  reason: d\n'],
  ['an anchor before the entry', '- &x\n  case: a\n  reason: b\n- case: c\n  reason: d\n'],
  ['a dash on a line of its own', '-\n  case: a\n  reason: b\n-\n  case: c\n  reason: d\n'],
  ['an end of the document', '- case: a\n  reason: b\n...\n'],
])('%s is refused, rather than that the file is spoilt', (_what, text) => {
  expect(() => editList(text, edit({ remove: new Set([0]), add: [{ case: 'p', reason: 'r' }] }))).toThrow(EditError);
});
