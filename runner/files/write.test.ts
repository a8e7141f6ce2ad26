import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WriteError, writeOwn, writeWhole, writeWholeLater } from './write.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-write-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const WRITERS = [
  ['at once', async (file: string, parts: readonly string[]) => writeWhole(file, parts.join(''))],
  ['piece by piece', (file: string, parts: readonly string[]) => writeWholeLater(file, parts)],
] as const;

describe.each(WRITERS)('a file that is written %s', (how, write) => {
  test('takes the place of what was there, through a link, and may be read by whom it was', async () => {
    const [file, link] = [join(folder, `${how} file`), join(folder, `${how} link`)];
    writeFileSync(file, 'before', { mode: 0o640 });
    symlinkSync(file, link);
    await write(link, ['af', 'ter']);
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['after', 0o640]);
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test.skipIf(!existsSync('/dev/full'))('that the disk does not take is an error that says what to do', async () => {
    const failed = await write('/dev/full', ['x']).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(WriteError);
    expect(failed).toMatchObject({ isLimit: true, message: expect.stringMatching(/^cannot write \/dev\/full: ENOSPC.*make room/) });
  });

  test('that is a folder is an error that names it', async () => {
    const failed = await write(folder, ['x']).catch((error: unknown) => error);
    expect(failed).toMatchObject({ isLimit: false, message: expect.stringContaining(`cannot write ${folder}: EISDIR`) });
  });
});

test('what stood there stands there still where the pieces end in an error', async () => {
  const file = join(folder, 'kept');
  writeFileSync(file, 'before');
  function* pieces(): Generator<string> {
    yield 'half';
    throw new Error('no more');
  }
  await expect(writeWholeLater(file, pieces())).rejects.toThrow(/no more/);
  expect([readFileSync(file, 'utf8'), readdirSync(folder).filter((name) => name.startsWith('.'))]).toEqual(['before', []]);
});

test.each([
  ['nothing', undefined],
  ['an empty file', ''],
])('where %s stood nothing else stands where the pieces end in an error', async (_what, before) => {
  const place = mkdtempSync(join(folder, 'new-'));
  if (before !== undefined) writeFileSync(join(place, 'page'), before);
  const there: string[][] = [];
  function* pieces(): Generator<string> {
    yield 'half';
    there.push(readdirSync(place).filter((name) => readFileSync(join(place, name), 'utf8') !== '' && !name.startsWith('.')));
    throw new Error('no more');
  }
  await expect(writeWholeLater(join(place, 'page'), pieces())).rejects.toThrow(/no more/);
  expect([there, readdirSync(place)]).toEqual([[[]], before === undefined ? [] : ['page']]);
});

test('a name of our own in a folder of others leads nowhere else', async () => {
  const place = mkdtempSync(join(folder, 'others-'));
  const elsewhere = join(folder, 'elsewhere');
  writeFileSync(elsewhere, 'mine');
  symlinkSync(elsewhere, join(place, 'report.html'));
  symlinkSync(elsewhere, join(place, `.report.html.${process.pid}`));
  await writeOwn(place, 'report.html', ['the ', 'page']);
  expect(readFileSync(elsewhere, 'utf8')).toBe('mine');
  expect(readFileSync(join(place, 'report.html'), 'utf8')).toBe('the page');
  expect(readdirSync(place)).toEqual(['report.html']);
});
