import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { commandLine } from './testing/command-line.ts';

const { folder, weir } = commandLine('doctor-plays');

/** An adapter of an RSocket server that hangs up on whoever connects. */
function curtServer(): string {
  const own = join(folder, 'curt');
  mkdirSync(own, { recursive: true });
  const info = { control: 1, name: 'curt', version: '1', language: 'JavaScript', protocol: 'rsocket', roles: ['server'] };
  const abilities = { bindings: ['tcp'], features: [], concurrency: 8 };
  const adapter = `import { createServer } from 'node:net';
import { run } from ${JSON.stringify(join(packageRoot(), 'kits', 'typescript', 'index.mjs'))};
run({
  info: ${JSON.stringify({ ...info, ...abilities })},
  async serve() {
    const server = createServer((socket) => socket.destroy());
    await new Promise((up) => server.listen(0, '127.0.0.1', up));
    return { url: 'tcp://127.0.0.1:' + server.address().port, stop: () => void server.close() };
  },
});
`;
  writeFileSync(join(own, 'adapter.mjs'), adapter);
  const manifest = { ...info, title: 'Curt', command: [process.execPath, 'adapter.mjs'], control: undefined };
  writeFileSync(join(own, 'implementation.yaml'), JSON.stringify(manifest));
  return own;
}

test('plays no more where no case sets a timer of the adapter’s', { timeout: 300_000 }, async () => {
  const { stdout } = await weir('doctor', curtServer());
  // Without the names of cases the whole corpus would be played now.
  expect(stdout).toMatch(/a call of kind request-response[\s\S]*what its handlers see[\s\S]*cases side by side[^\n]*\n\n\d+ hold/);
  expect(stdout).not.toContain('the timer');
});
