import { randomBytes } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { aCaseRun, aFailure } from '../testing/results.ts';
import { type EvidenceFiles, packEvidence } from './evidence.ts';

const run = (id: string, changes: Parameters<typeof aFailure>[0] = {}, cause?: string) =>
  aFailure({ id, bundle: `${id}.json`, ...changes }, cause);
/** Every file says its own path, and more that cannot be compressed. */
const files: EvidenceFiles = {
  size: async (path) => (path.includes('gone') ? undefined : 4000),
  // Some take longer than others.
  read: (path) =>
    new Promise((resolve) => setTimeout(() => resolve(Buffer.concat([Buffer.from(path), randomBytes(4000)])), path.length % 3)),
};

test('each case-run gets its own file, whichever is read first', async () => {
  const located = Array.from({ length: 40 }, (_, i) => ({ run: run(`case-${'x'.repeat(i % 7)}${i}`), folder: 'here' }));
  const { places, pieces, leftOut } = await packEvidence(located, files);
  expect(leftOut.count).toBe(0);
  expect(new Set(pieces.map(({ id }) => id)).size).toBe(40);
  for (const { run: each } of located) {
    const place = places.get(each);
    const piece = pieces.find(({ id }) => place?.kind === 'embedded' && id === place.piece);
    expect(inflateRawSync(Buffer.from(piece?.text ?? '', 'base64')).toString('latin1')).toContain(`here/${each.id}.json`);
  }
});

test('what does not fit is left out: repetitions and known failures before news', async () => {
  const news = run('news', {}, 'a');
  const again = run('again', {}, 'a');
  const known = run('known', { expected: 'known-failure' }, 'b');
  const passed = aCaseRun({ id: 'passed', trace: 'passed.jsonl' });
  const { places, leftOut } = await packEvidence(
    [passed, known, again, news].map((each) => ({ run: each, folder: '.' })),
    files,
    12_000,
  );
  expect([news, again, known, passed].map((each) => places.get(each)?.kind)).toEqual(['embedded', 'embedded', 'left-out', 'left-out']);
  expect(leftOut).toEqual({ count: 2, bytes: 8000 });
  expect(places.get(passed)).toMatchObject({ path: 'passed.jsonl', bytes: 4000 });
});

test('a file that is gone is no evidence', async () => {
  const gone = run('gone');
  expect((await packEvidence([{ run: gone, folder: '.' }], files)).places.get(gone)).toEqual({ kind: 'none' });
});
