import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { AdapterError } from '../runner/adapters/error.ts';
import { loadImplementation, parseManifest, resolveManifest } from '../runner/adapters/manifest.ts';
import { type OpenImplementation, openImplementation } from '../runner/adapters/pool.ts';
import { connect, hear } from '../runner/adapters/testing/setting.ts';
import { main } from '../runner/cli/testing/command-line.ts';
import { protocolEntry } from '../runner/registry.ts';

const builtin = fileURLToPath(new URL('.', import.meta.url));
const search = { cwd: '/', builtin };
const names = readdirSync(builtin).filter((name) => existsSync(`${builtin}/${name}/implementation.yaml`));
const built = existsSync(new URL('../dist/runner/registry.js', import.meta.url));

test.each(names)('the manifest of %s is right, its folder bears its name, all its columns resolve', (name) => {
  const file = `${builtin}${name}/implementation.yaml`;
  const manifest = parseManifest(file, readFileSync(file, 'utf8'));
  expect(manifest.name).toBe(name);
  for (const label of manifest.labels) {
    const version = manifest.versions?.[label]?.version ?? label;
    expect(resolveManifest(file, manifest, label).version).toBe(version);
  }
  expect(loadImplementation(name, search).cwd).toBe(`${builtin}${name}`);
});

test.skipIf(!built)('reference-node names the bindings that its protocol has', async () => {
  const opened = await open('reference-node');
  if (typeof opened === 'string') return expect.unreachable(opened);
  const { bindings } = await protocolEntry('river').protocol();
  expect(opened.info.bindings).toEqual(bindings.map(({ name }) => name));
});

/** Opens an implementation that comes with Weir; gives why it cannot be had here, where a prerequisite is missing. */
async function open(reference: string): Promise<OpenImplementation | string> {
  try {
    const opened = await openImplementation(loadImplementation(reference, search));
    onTestFinished(() => opened.close());
    return opened;
  } catch (error) {
    if (error instanceof AdapterError && error.kind === 'missing') return error.message;
    throw error;
  }
}

const timers = { heartbeatIntervalMs: 1000, heartbeatsUntilDead: 2, handshakeTimeoutMs: 1000, baseIntervalMs: 30, maxJitterMs: 40 };
const columns = names.flatMap((name) => {
  const file = `${builtin}${name}/implementation.yaml`;
  const manifest = parseManifest(file, readFileSync(file, 'utf8'));
  if (manifest.protocol !== 'river') return [];
  const labels = manifest.labels;
  return labels.length === 0 ? [name] : labels.map((label) => `${name}@${label}`);
});

describe.skipIf(!built)('each client calls every kind of procedure on the reference server, over the control protocol', () => {
  // One for all: each has a lease of its own of it.
  let server: OpenImplementation;
  beforeAll(async () => {
    server = await openImplementation(loadImplementation('reference-node', search));
  });
  afterAll(() => server.close());

  test.for(columns)('%s', { timeout: 300_000 }, async (reference, { skip }) => {
    const client = await open(reference);
    if (typeof client === 'string') return skip(client);
    const [serverLease, clientLease] = await Promise.all([server.acquire(), client.acquire()]);
    const { url = '' } = await serverLease
      .server(hear())
      .serve({ server: 'main', binding: 'msgpack', serverId: 'SERVER', timers, options: {} });
    const heard = hear();
    const ofCall = (call: string): string[] => heard.lines.filter((line) => line.includes(`"call":"${call}"`));
    const calls = clientLease.client(heard);
    const invoke = (call: string, service: string, procedure: string, kind: string, value: unknown) =>
      calls.invoke({ at: 'main', call, service, procedure, kind, value });

    await calls.connect({ ...connect(), url, binding: 'msgpack', clientId: 'client-1', serverId: 'SERVER', timers, eager: true });
    await invoke('sum', 'test', 'add', 'rpc', { n: 4 });
    await invoke('no', 'fallible', 'divide', 'rpc', { a: 1, b: 0 });
    await invoke('echo', 'test', 'echo', 'stream', {});
    await calls.send({ call: 'echo', value: { msg: 'hi', ignore: false } });
    await calls.finish({ call: 'echo' });
    await invoke('all', 'uploadable', 'addMultiple', 'upload', {});
    await calls.send({ call: 'all', value: { n: 1 } });
    await calls.send({ call: 'all', value: { n: 2 } });
    await calls.finish({ call: 'all' });
    await invoke('watch', 'subscribable', 'value', 'subscription', {});
    const ended = () => ['sum', 'no', 'echo', 'all'].every((call) => ofCall(call).some((line) => line.startsWith('end')));
    await expect.poll(() => ended() && ofCall('watch').length === 1, { timeout: 60_000 }).toBe(true);
    await calls.cancel({ call: 'watch' });
    await expect.poll(() => ofCall('watch').length, { timeout: 60_000 }).toBe(3);

    expect(ofCall('sum')).toEqual(['message {"call":"sum","result":{"ok":true,"value":{"result":4}}}', 'end {"call":"sum"}']);
    expect(ofCall('no')[0]).toContain('"code":"DIV_BY_ZERO"');
    expect(ofCall('echo')[0]).toContain('{"ok":true,"value":{"response":"hi"}}');
    expect(ofCall('all')[0]).toContain('{"ok":true,"value":{"result":3}}');
    expect(ofCall('watch')[0]).toContain('{"ok":true,"value":{"count":0}}');
    expect(ofCall('watch')[1]).toContain('"code":"CANCEL"');
    await calls.disconnect({ client: 'main' });
    await Promise.all([clientLease.release(), serverLease.release()]);
    expect([clientLease.failure(), serverLease.failure()]).toEqual([undefined, undefined]);
  });
});

/** How `weir doctor` ends where a prerequisite is not here. */
const CANNOT_BE_LOOKED_AT = 2;

test.runIf(built).for(names)('the doctor finds nothing wrong with the adapter of %s', { timeout: 300_000 }, async (name, { skip }) => {
  const { stdout, stderr, exitCode } = await execa(process.execPath, [main, 'doctor', name, '--quick'], { reject: false });
  if (exitCode === CANNOT_BE_LOOKED_AT) return skip(stderr);
  expect(exitCode, `${stdout}${stderr}`).toBe(0);
});
