import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AdapterLease } from './lease.ts';
import { openImplementation } from './pool.ts';
import { open, refusal, scratch } from './testing/opened.ts';
import { connect, hear, implementation, invoke } from './testing/setting.ts';

describe('a good adapter', () => {
  test('drives a client and delivers what the call reads, values untagged, handles plain', async () => {
    const { info, acquire } = await open(implementation('good'));
    expect(info).toMatchObject({ name: 'testing', version: '1.2.3', bindings: ['json'] });
    const lease = await acquire();
    const events = hear();
    const client = lease.client(events);
    await client.connect(connect());
    const bytes = new Uint8Array([1, 2]);
    const heard: unknown[] = [];
    events.message = (params) => heard.push(params);
    await client.invoke(invoke('sum', { bytes, big: 2n ** 70n, nothing: undefined }));
    await client.send({ call: 'sum', value: -0 });
    await client.finish({ call: 'sum' });
    expect(heard).toEqual([
      { call: 'sum', result: { ok: true, value: { bytes, big: 2n ** 70n, nothing: undefined } } },
      { call: 'sum', result: { ok: true, value: -0 } },
    ]);
    expect(events.lines).toEqual(['status {"instance":"main","status":"connected"}', 'end {"call":"sum"}']);
    await lease.release();
    expect(lease.failure()).toBeUndefined();
    expect(lease.shared()).toBe(false);
  });

  test('is told of metadata and credit, calls at a server, and tells of them', async () => {
    const { acquire } = await open(implementation('shows'));
    const events = hear();
    const server = (await acquire()).server(events);
    await server.serve({ server: 'main', binding: 'json', serverId: 's', timers: {}, options: {} });
    const metadata = { bytes: new Uint8Array([2]) };
    const heard: unknown[] = [];
    for (const kind of ['start', 'message', 'handler', 'end'] as const) events[kind] = (params: unknown) => heard.push(params);
    await server.invoke?.({ at: 'main', call: 'x', kind: 'stream', to: 1, metadata, credit: 2 });
    const told = { at: expect.stringMatching(/^\d+\/main$/), kind: 'stream', to: 1, metadata, credit: 2 };
    expect(heard).toEqual([
      { call: 'x', metadata: new Uint8Array([1]) },
      { call: 'x', result: { ok: true, value: told, metadata } },
      { call: 'x', result: { ok: false, error: { code: 7, message: '', metadata } } },
      { instance: 'main', run: '1', event: 'credit', value: 3 },
      { call: 'x', metadata },
    ]);
    await expect(server.credit?.({ call: 'x', n: 1 })).resolves.toBeUndefined();
    await expect(server.finish?.({ call: 'x', error: { code: 'E', message: 'no' } })).resolves.toBeUndefined();
  });

  test('may speak of codecs, as all did before', async () => {
    const { info, acquire } = await open(implementation('before'));
    expect(info.bindings).toEqual(['json']);
    const events = hear();
    const client = (await acquire()).client(events);
    await client.connect(connect());
    await client.invoke(invoke('sum', 'opening'));
    await client.send({ call: 'sum', value: 'more' });
    expect(events.lines).toEqual([
      'status {"instance":"main","status":"connected","detail":"json"}',
      'message {"call":"sum","result":{"ok":true,"value":"opening"}}',
      'message {"call":"sum","result":{"ok":true,"value":"more"}}',
    ]);
  });

  test('serves runs side by side, each with handles of its own, and lets the next wait for a place', async () => {
    const { acquire } = await open(implementation('good', { concurrency: 2 }));
    const [a, b] = await Promise.all([acquire(), acquire()]);
    let third: AdapterLease | undefined;
    const waiting = acquire().then((lease) => {
      third = lease;
    });
    const heardA = hear();
    const heardB = hear();
    const clientA = a.client(heardA);
    const clientB = b.client(heardB);
    await Promise.all([clientA.connect(connect()), clientB.connect(connect())]);
    await Promise.all([clientA.invoke(invoke('x', 'a')), clientB.invoke(invoke('x', 'b'))]);
    expect((await heardA.until(2))[1]).toBe('message {"call":"x","result":{"ok":true,"value":"a"}}');
    expect((await heardB.until(2))[1]).toBe('message {"call":"x","result":{"ok":true,"value":"b"}}');
    expect(a.shared() && b.shared()).toBe(true);
    expect(third).toBeUndefined();
    await a.release();
    await waiting;
    expect(third?.failure()).toBeUndefined();
  });

  test('answers that say no reject with `refused` and break nothing', async () => {
    const { acquire } = await open(implementation('good'));
    const lease = await acquire();
    const error = await refusal(lease.client(hear()).cancel({ call: 'x' }));
    expect(error.facts).toMatchObject({ kind: 'refused', method: 'cancel' });
    expect(error.message).toContain('cannot cancel');
    expect(lease.failure()).toBeUndefined();
  });

  test('runs that want to be alone wait for each other, and none is forgotten', async () => {
    const { acquire } = await open(implementation('good'));
    const runs = Array.from({ length: 5 }, async () => {
      const lease = await acquire('alone');
      await lease.client(hear()).connect(connect());
      await lease.release();
      return lease.shared();
    });
    expect(await Promise.all(runs)).toEqual([false, false, false, false, false]);
  });

  test('runs apart follow each other in a process, as long as it is in good order', async () => {
    const { acquire } = await open(implementation('crash'));
    const first = await acquire('apart');
    const beside = await acquire('apart');
    expect([first.shared(), beside.shared()]).toEqual([false, false]);
    await first.release();
    const second = await acquire('apart');
    expect(second.shared()).toBe(true);
    await refusal(second.client(hear()).invoke(invoke('x')));
    await Promise.all([second.release(), beside.release()]);
    expect((await acquire('apart')).shared()).toBe(true);
    expect((await acquire('apart')).shared()).toBe(false);
  });

  test('with `alone` a run has a process of its own', async () => {
    const { acquire } = await open(implementation('good'));
    const shared = await acquire();
    const alone = await acquire('alone');
    await Promise.all([shared, alone].map((lease) => lease.client(hear()).connect(connect())));
    expect(alone.shared()).toBe(false);
    expect(shared.shared()).toBe(false);
  });
});

describe('an adapter that does not come up', () => {
  test('it crashes: exit code and last words are told', async () => {
    const error = await refusal(openImplementation(implementation('crash-at-start')));
    expect(error.facts).toMatchObject({ kind: 'crashed', method: 'initialize', exitCode: 7, stderr: 'no module named river\n' });
    expect(error.message).toContain('no module named river');
  });

  test('it hangs: the start-up bound ends it', async () => {
    const error = await refusal(openImplementation(implementation('hang-at-start', { startupMs: 300 })));
    expect(error.facts).toMatchObject({ kind: 'hung', method: 'initialize' });
  });

  test('it answers with what is no message: that is said, and not that there was no answer', async () => {
    const error = await refusal(openImplementation(implementation('bom-at-start', { startupMs: 3000 })));
    expect(error.facts).toMatchObject({ kind: 'garbage', method: 'initialize' });
    expect(error.message).toMatch(/the adapter broke the control protocol: the line is not JSON/);
  });

  test('it does not flush: the answer that came only when stdin was closed says so', async () => {
    const error = await refusal(openImplementation(implementation('no-flush', { startupMs: 300 })));
    expect(error.facts).toMatchObject({ kind: 'hung', method: 'initialize' });
    expect(error.message).toMatch(
      /no answer to initialize within 300 ms; it came only when stdin was closed: .*flush stdout after each line/,
    );
    const deaf = await refusal(openImplementation(implementation('hang-at-start', { startupMs: 300 })));
    expect(deaf.message).not.toContain('flush');
  });

  test('its program is not there: missing, with the command that installs it', async () => {
    const prerequisites = [{ check: ['/nowhere/uv', '--version'], install: 'pip install uv' }];
    const error = await refusal(openImplementation(implementation('good', { command: ['/nowhere/uv'], prerequisites })));
    expect(error.facts).toMatchObject({ kind: 'missing', install: 'pip install uv' });
  });

  test('a prerequisite fails though the program is there: missing too', async () => {
    const prerequisites = [
      { check: [process.execPath, '--version'], install: 'a' },
      { check: [process.execPath, '-e', 'process.exit(2)'], install: 'b' },
    ];
    const error = await refusal(openImplementation(implementation('crash-at-start', { prerequisites })));
    expect(error.facts).toMatchObject({ kind: 'missing', install: 'b' });
  });

  test.each(['error', 'log'])('its set-up fails: the command and its last words are named, said by console.%s', async (how) => {
    const setup = [[process.execPath, '-e', `console.${how}("disk full"); process.exit(4)`]];
    const error = await refusal(openImplementation(implementation('good', { setup })));
    expect(error.facts).toMatchObject({ kind: 'crashed', stderr: 'disk full\n' });
    expect(error.message).toContain('failed (exit code 4); its last words: disk full');
  });

  test.each([
    ['another version', { version: '9.9.9' }, 'loaded is 1.2.3'],
    ['a binding it lacks', { bindings: ['msgpack'] }, 'binding msgpack'],
    ['another protocol', { protocol: 'rsocket' }, 'drives river'],
  ])('the manifest says %s than the adapter', async (_what, changes, words) => {
    const error = await refusal(openImplementation(implementation('good', changes)));
    expect(error.kind).toBe('refused');
    expect(error.message).toContain(words);
  });
});

describe('an adapter that breaks in the middle of a case', () => {
  const bounds = { callMs: 60_000, stopMs: 200 };

  test.each([
    ['crash', 'crashed', 'about to fall'],
    ['hang', 'hung', 'no answer to invoke within 1500 ms'],
    ['garbage', 'garbage', 'print("debug")'],
    ['half-line', 'garbage', 'ended inside a line'],
    ['invalid-utf8', 'garbage', 'not valid UTF-8'],
    ['no-newline', 'garbage', 'longer than 33554432 bytes'],
    ['garbage-flood', 'garbage', 'more)'],
    ['notification-flood', 'garbage', 'more than 20000 notifications'],
    ['log-flood', 'garbage', 'bytes of notifications'],
    ['close-stdout', 'garbage', 'closed its stdout'],
    ['half-line-and-on', 'garbage', 'ended inside a line'],
    ['wrong-id', 'garbage', 'request 4711, which was never made'],
    ['text-id', 'garbage', 'must carry the id'],
    ['double-answer', 'garbage', 'a second answer'],
    ['own-request', 'garbage', 'must not send requests'],
    ['unknown-handle', 'garbage', 'unknown handle "nobody"'],
    ['unmade-call', 'garbage', 'a call that was never made'],
    ['bad-shape', 'garbage', 'notification message: result.ok'],
    ['bad-tag', 'garbage', '$bigint'],
    ['deep', 'garbage', 'nested more than'],
  ])('%s: the run hears of it, and the next one gets a new process', async (mode, kind, words) => {
    // Only one that says nothing is waited for: floods take their time to pass a limit on a busy machine.
    const { acquire } = await open(implementation(mode), { bounds: { ...bounds, callMs: mode === 'hang' ? 1500 : bounds.callMs } });
    const lease = await acquire();
    const client = lease.client(hear());
    await client.connect(connect());
    void client.invoke(invoke('x')).catch(() => {});
    const error = await lease.failed;
    if (mode === 'garbage-flood') await refusal(client.send({ call: 'x', value: 1 }));
    expect(error.kind).toBe(kind);
    const last = mode === 'garbage-flood' ? await refusal(client.send({ call: 'x', value: 1 })) : error;
    expect(last.message).toContain(words);
    await lease.release();

    const next = await acquire();
    const heard = hear();
    const again = next.client(heard);
    await again.connect(connect());
    await again.invoke(invoke('innocent', 5));
    expect((await heard.until(2))[1]).toContain('"value":5');
    expect(next.failure()).toBeUndefined();
  });

  test('the calls of all runs on it reject; those that wait for messages hear of it too', async () => {
    const { acquire } = await open(implementation('crash'), { bounds });
    const [guilty, waiting] = await Promise.all([acquire(), acquire()]);
    const client = guilty.client(hear());
    await client.connect(connect());
    const error = await refusal(client.invoke(invoke('x')));
    expect(error.facts).toMatchObject({ kind: 'crashed', method: 'invoke', exitCode: 3 });
    expect((await waiting.failed).facts).toMatchObject({ kind: 'crashed', method: undefined });
    expect(waiting.shared()).toBe(true);
    expect(guilty.failure()?.facts.method).toBe('invoke');
  });

  test('what closes its stdin and goes on running is told at the next call', async () => {
    const { acquire } = await open(implementation('close-stdin'), { bounds: { callMs: 60_000, stopMs: 200 } });
    const lease = await acquire();
    const client = lease.client(hear());
    await client.invoke(invoke('x'));
    const error = await refusal(client.send({ call: 'x', value: 1 }));
    expect(error.kind).toBe('garbage');
    expect(error.message).toContain('closed its stdin and goes on running');
  });

  test('what turned out not to be so breaks the run that it was said to, and the process is used no more', async () => {
    const { acquire } = await open(implementation('good', { concurrency: 2 }));
    const [deceived, other] = await Promise.all([acquire(), acquire()]);
    const error = deceived.accuse('serve', 'nothing listens');
    expect(error.message).toContain('serve: nothing listens');
    expect(await deceived.failed).toMatchObject({ kind: 'garbage' });
    expect(other.failure()).toBeUndefined();
    await Promise.all([deceived.release(), other.release()]);
    expect((await acquire()).shared()).toBe(false);
  });

  test('a run that follows others in a process is not alone with it', async () => {
    const { acquire } = await open(implementation('good', { concurrency: 1 }));
    const first = await acquire();
    expect(first.shared()).toBe(false);
    await first.release();
    expect((await acquire()).shared()).toBe(true);
    expect((await acquire('alone')).shared()).toBe(false);
  });

  test('a server without an address is garbage', async () => {
    const { acquire } = await open(implementation('no-url'), { bounds });
    const lease = await acquire();
    const params = { server: 'main', binding: 'json', serverId: 's', timers: {}, options: {} };
    const error = await refusal(lease.server(hear()).serve(params));
    expect(error.facts).toMatchObject({ kind: 'garbage', method: 'serve' });
    expect(lease.failure()?.kind).toBe('garbage');
  });

  test('a message of the wrong shape is the fault of its own run alone', async () => {
    const { acquire } = await open(implementation('bad-shape'), { bounds });
    const [guilty, other] = await Promise.all([acquire(), acquire()]);
    void guilty
      .client(hear())
      .invoke(invoke('x'))
      .catch(() => {});
    await guilty.failed;
    await other.client(hear()).connect(connect());
    expect(other.failure()).toBeUndefined();
  });

  test('an implementation that does not come up any more is given up after three starts', async () => {
    const counter = join(scratch(), 'starts');
    const { acquire } = await open(implementation('only-once', { arguments: [counter], concurrency: 1 }), { bounds });
    const lease = await acquire();
    const waiting = Array.from({ length: 20 }, () => refusal(acquire()));
    await lease
      .client(hear())
      .invoke(invoke('x'))
      .catch(() => {});
    await lease.release();
    for (const error of await Promise.all(waiting)) expect(error.facts).toMatchObject({ kind: 'crashed', method: 'initialize' });
    expect(readFileSync(counter, 'utf8')).toBe('xxxx');
  });
});
