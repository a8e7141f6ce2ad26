import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { brokenLinks } from './built-links.ts';

test('a link to no file, to no anchor, and an address that is none are told', () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-links-'));
  try {
    mkdirSync(join(folder, 'sub'));
    writeFileSync(
      join(folder, 'index.html'),
      '<a href="/sub/a.html#here">a</a> <a href="#no">b</a> <a href="https://">c</a> <img src="/x.svg">',
    );
    writeFileSync(
      join(folder, 'sub', 'a.html'),
      '<h1 id="here">A</h1> <a href="../index.html">up</a> <a href="b.html">b</a> <a href="/">top</a>',
    );
    expect([...brokenLinks(folder)].sort()).toEqual([
      'index.html: https:// is no address',
      'index.html: index.html has no anchor no',
      'index.html: nothing at /x.svg',
      'sub/a.html: nothing at b.html',
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
