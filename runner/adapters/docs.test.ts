import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, onTestFinished, test } from 'vitest';
import { parseKnownFailures } from './known-failures.ts';
import { parseManifest } from './manifest.ts';
import { openImplementation } from './pool.ts';
import { controlSchema } from './schemas.ts';
import { connect, hear, implementation, invoke } from './testing/setting.ts';

// What docs/adapters.md shows is true.

const text = readFileSync(new URL('../../docs/adapters.md', import.meta.url), 'utf8');
const blocks = (language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map((match) => match[1] ?? '');

test('each message in it is a message', () => {
  const validate = new Ajv2020({ strict: false }).compile(controlSchema());
  const lines = blocks('json').flatMap((block) => block.trimEnd().split('\n'));
  expect(lines.length).toBeGreaterThan(15);
  for (const line of lines) expect([line, validate(JSON.parse(line))]).toEqual([line, true]);
});

test('its manifest and its known failures are read', () => {
  const [manifest = '', known = ''] = blocks('yaml');
  expect(parseManifest('adapters.md', manifest).name).toBe('my-river');
  expect(parseKnownFailures('adapters.md', known)).toHaveLength(1);
});

test('its minimal adapter works', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'adapter.mjs'), blocks('js')[0] ?? '');
  const opened = await openImplementation(implementation('', { command: [process.execPath, 'adapter.mjs'], cwd: folder }));
  onTestFinished(() => opened.close());
  const lease = await opened.acquire();
  const heard = hear();
  const client = lease.client(heard);
  await client.connect(connect());
  await client.invoke(invoke('x', { n: 1 }));
  expect(await heard.until(2)).toEqual([
    'message {"call":"x","result":{"ok":true,"value":{"procedure":"test.add","value":{"n":1}}}}',
    'end {"call":"x"}',
  ]);
  await expect(client.cancel({ call: 'x' })).rejects.toThrow('the library cannot cancel');
  await lease.release();
  expect(lease.failure()).toBeUndefined();
});
