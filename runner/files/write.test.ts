import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WriteError, writeWhole, writeWholeLater } from './write.ts';

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
