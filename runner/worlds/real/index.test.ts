import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import type { PeerEvents } from '../../../protocols/common/control.ts';
import { HOW_TO_GET, toxiproxyForTests } from '../../toxics/testing/toxiproxy-binary.ts';
import type { Stage } from '../world.ts';
import { realWorld } from './index.ts';
import { connectMain, echoSetting, invokeEcho, silence } from './testing/echo-setting.ts';

const world = realWorld({ timeScale: 0.01 });

/** Resolves with the first `count` calls that come back, and the statuses until then. */
function listening(count: number): { readonly events: PeerEvents; readonly done: Promise<string[]>; readonly statuses: string[] } {
  const calls: string[] = [];
  const statuses: string[] = [];
  let resolve: (calls: string[]) => void = () => {};
  const done = new Promise<string[]>((resolveDone) => {
    resolve = resolveDone;
  });
  const events: PeerEvents = {
    ...silence,
    message: ({ call }) => {
      calls.push(call);
      if (calls.length === count) resolve(calls);
    },
    status: ({ status, detail }) => statuses.push(detail === undefined ? status : `${status} ${detail}`),
  };
  return { events, done, statuses };
}

/** One call there and back. */
async function callOnce(name: string): Promise<string[]> {
  const { events, done } = listening(1);
  return world.run(echoSetting(events), async (stage) => {
    await stage.client.connect(connectMain(stage.url));
    await stage.client.invoke(invokeEcho(name));
    return done;
  });
}

/** Sockets, listeners and timers that are open once the event loop has let go of what is closed already. */
async function open(): Promise<string[]> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
  return process.getActiveResourcesInfo().filter((name) => /TCP|Timeout/.test(name));
}

/** What is open now and was not before. A timer of the test runner's own may have been open then, and be over. */
async function openedSince(before: readonly string[]): Promise<string[]> {
  const left = [...before];
  return (await open()).filter((name) => {
    const at = left.indexOf(name);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

describe('realWorld', () => {
  it('runs both reference peers over sockets and records what passed', async () => {
    const { events, done } = listening(2);
    const trace = await world.run(echoSetting(events), async (stage) => {
      await stage.client.connect(connectMain(stage.url));
      await stage.client.invoke(invokeEcho('a'));
      await stage.client.invoke(invokeEcho('b'));
      await done;
      return stage.recorder.trace;
    });
    expect([...trace].filter(({ type }) => type === 'opened')).toHaveLength(1);
    expect([...trace].flatMap((event) => (event.type === 'sent' ? [`${event.from}`] : [])).toSorted()).toEqual([
      ...['client', 'client'],
      ...['server', 'server'],
    ]);
    expect([...trace].map(({ n }) => n)).toEqual([...trace].map((_, i) => i));
    const times = [...trace].map(({ t }) => t);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('takes nobody for an end of the run who dials a port of 127.0.0.1, as clients do that others have left', async () => {
    const { events, done } = listening(1);
    const trace = await world.run(echoSetting(events), async (stage) => {
      await knock({ host: '127.0.0.1', port: Number(new URL(stage.url).port) });
      await stage.client.connect(connectMain(stage.url));
      await stage.client.invoke(invokeEcho('a'));
      await done;
      return stage.recorder.trace;
    });
    expect([...trace].filter(({ type }) => type === 'opened')).toHaveLength(1);
  });

  it('gives no run the place of another, so that who still dials that meets nobody', async () => {
    const urls: string[] = [];
    const opened: number[] = [];
    for (let run = 0; run < 20; run += 1) {
      const { events, done } = listening(1);
      const trace = await world.run(echoSetting(events), async (stage) => {
        for (const { hostname, port } of urls.map((url) => new URL(url))) await knock({ host: hostname, port: Number(port) });
        urls.push(stage.url);
        await stage.client.connect(connectMain(stage.url));
        await stage.client.invoke(invokeEcho('a'));
        await done;
        return stage.recorder.trace;
      });
      opened.push([...trace].filter(({ type }) => type === 'opened').length);
    }
    expect(new Set(urls).size).toBe(20);
    expect(opened).toEqual(urls.map(() => 1));
  });

  it('listens at 127.0.0.1 where an end dials nothing else', async () => {
    const peer = async () => ({ serve: async () => ({ url: 'ws://127.0.0.1:1' }), stop: async () => {} });
    const setting = echoSetting(silence, { kind: 'implementation', peer, dials: '127.0.0.1' });
    expect(await world.run(setting, async (stage) => new URL(stage.url).hostname)).toBe('127.0.0.1');
  });

  it('carries out faults', async () => {
    const { events, done } = listening(2);
    await world.run(echoSetting(events), async (stage) => {
      stage.fault({ drop: { frame: { from: 'client', text: 'b' } } });
      await stage.client.connect(connectMain(stage.url));
      for (const call of ['a', 'b', 'c']) await stage.client.invoke(invokeEcho(call));
      expect(await done).toEqual(['a', 'c']);
    });
  });

  it('tells a client of a connection that could not be opened', async () => {
    const { events, statuses } = listening(1);
    await world.run(echoSetting(events), async (stage) => {
      stage.fault('refuse');
      const ended = happened(stage, 'closed');
      await stage.client.connect(connectMain(stage.url));
      await ended;
      while (statuses.length === 0) await new Promise(setImmediate);
    });
    expect(statuses).toEqual(['disconnected 1006']);
  });

  it('leaves nothing open, and tells the peers nothing of that', async () => {
    const before = await open();
    const { events, done, statuses } = listening(1);
    await world.run(echoSetting(events), async (stage) => {
      await stage.client.connect(connectMain(stage.url));
      await stage.client.invoke(invokeEcho('a'));
      stage.fault({ delay: { frame: { from: 'client', text: 'b' }, for: 1e9 } });
      await done;
      await stage.client.invoke(invokeEcho('b'));
      stage.environment.after(1e9, () => {});
      await stage.tearDown();
      expect(await openedSince(before)).toEqual([]);
    });
    expect(statuses).toEqual(['connected']);
  });

  it('leaves nothing open while connections are being made, stalled or refused', async () => {
    const before = await open();
    for (const fault of ['stall', 'refuse', 'cut', { refuse: { how: 'silent' } }, { refuse: { how: 'http' } }] as const) {
      await world.run(echoSetting(silence), async (stage) => {
        const opened = happened(stage, 'opened');
        stage.fault(fault);
        await stage.client.connect(connectMain(stage.url));
        await opened;
      });
      await world.run(echoSetting(silence), async (stage) => {
        await stage.client.connect(connectMain(stage.url));
      });
    }
    expect(await openedSince(before)).toEqual([]);
  });

  it('tears down whatever the play does', async () => {
    const before = await open();
    const run = world.run(echoSetting(silence), async (stage) => {
      await stage.client.connect(connectMain(stage.url));
      throw new Error('the play broke');
    });
    await expect(run).rejects.toThrow('the play broke');
    expect(await openedSince(before)).toEqual([]);
  });

  it('rejects where a fault fails after it was armed', async () => {
    const { events, done } = listening(1);
    const setting = echoSetting(events);
    const protocol = {
      ...setting.protocol,
      mismatch: () => {
        throw new Error('no such pattern');
      },
    };
    const run = world.run({ ...setting, protocol }, async (stage) => {
      stage.fault({ drop: { frame: { from: 'client', text: 'b' } } });
      const sent = happened(stage, 'sent');
      await stage.client.connect(connectMain(stage.url));
      await stage.client.invoke(invokeEcho('a'));
      await Promise.race([sent, done]);
    });
    await expect(run).rejects.toThrow('no such pattern');
  });

  it('puts the relay before an implementation, at the path of its address, and stops it', async () => {
    const paths: (string | undefined)[] = [];
    const stopped: string[] = [];
    const listener = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    listener.on('connection', (socket, request) => {
      paths.push(request.url);
      socket.on('message', (data, binary) => socket.send(data, { binary }));
    });
    await once(listener, 'listening');
    const { port } = listener.address() as AddressInfo;
    const peer = async () => ({
      serve: async () => ({ url: `ws://localhost:${port}/some/where?x=1` }),
      stop: async ({ server }: { server: string }) => {
        stopped.push(server);
      },
    });
    const { events, done } = listening(1);
    await world.run(echoSetting(events, { kind: 'implementation', peer }), async (stage) => {
      expect(new URL(stage.url).port).not.toBe(String(port));
      await stage.client.connect(connectMain(stage.url));
      await stage.client.invoke(invokeEcho('a'));
      await done;
    });
    listener.close();
    expect(paths).toEqual(['/some/where?x=1']);
    expect(stopped).toEqual(['main']);
  });

  it.each(['wss://127.0.0.1:1/', 'nonsense'])('refuses a server at %s', async (url) => {
    const peer = async () => ({ serve: async () => ({ url }), stop: async () => {} });
    const run = world.run(echoSetting(silence, { kind: 'implementation', peer }), async () => {});
    await expect(run).rejects.toThrow(/must be a ws:\/\/ URL/);
  });

  it('accuses an implementation whose server is not where it said, once it is dialled', async () => {
    // A port that no system gives to whoever asks for any: one that was just closed may be somebody else's by now.
    const peer = async () => ({ serve: async () => ({ url: 'ws://127.0.0.1:1' }), stop: async () => {} });
    let tell: (accused: string) => void = () => {};
    const accused = new Promise<string>((resolve) => {
      tell = resolve;
    });
    const accuse = (method: string, reason: string): Error => {
      tell(`${method}: ${reason}`);
      return new Error(reason);
    };
    await world.run(echoSetting(silence, { kind: 'implementation', peer, accuse }), async (stage) => {
      await stage.client.connect(connectMain(stage.url));
      await stage.client.invoke(invokeEcho('a'));
      await accused;
    });
    expect(await accused).toBe('serve: nothing listens at ws://127.0.0.1:1 (ECONNREFUSED)');
  });

  it('runs many settings side by side', async () => {
    const names = Array.from({ length: 100 }, (_, i) => `call-${i}`);
    expect(await Promise.all(names.map(callOnce))).toEqual(names.map((name) => [name]));
  });
});

/** Dials, and hangs up once it is known whether somebody answers. */
async function knock(address: { readonly host: string; readonly port: number }): Promise<void> {
  const socket = connect(address);
  await new Promise<void>((resolve) => {
    socket.once('connect', resolve);
    socket.once('error', () => resolve());
  });
  socket.destroy();
}

/** Resolves at the next event of a type. */
function happened(stage: Stage, type: string): Promise<void> {
  return new Promise((resolve) => {
    const stop = stage.recorder.listen((event) => {
      if (event.type !== type) return;
      stop();
      resolve();
    });
  });
}

const own = process.env['TOXIPROXY_URL'] === undefined ? await toxiproxyForTests() : undefined;
afterAll(() => own?.stop());

const because = own === undefined ? ` (skipped: no Toxiproxy here that may be killed; ${HOW_TO_GET} provides one)` : '';

describe.skipIf(own === undefined)(`realWorld with a Toxiproxy${because}`, () => {
  it.each([
    ['ends well', async () => 'nothing amiss'],
    [
      'breaks',
      async () => {
        throw new Error('the client could not reach the server');
      },
    ],
  ])('that is killed meanwhile blames nobody else, where the play then %s', async (_what, rest) => {
    const toxiproxy = await toxiproxyForTests();
    const { events, done } = listening(1);
    const run = realWorld({ timeScale: 0.01, toxiproxy: toxiproxy?.server }).run(
      { ...echoSetting(events), toxics: true },
      async (stage) => {
        await stage.client.connect(connectMain(stage.url));
        await stage.client.invoke(invokeEcho('a'));
        await done;
        await toxiproxy?.stop();
        return rest();
      },
    );
    await expect(run).rejects.toThrow(/the Toxiproxy at http.* is gone .* nothing can be said of the run/);
  });

  it('that is gone before a run begins is what its error tells', async () => {
    const toxiproxy = await toxiproxyForTests();
    await toxiproxy?.stop();
    const run = realWorld({ timeScale: 0.01, toxiproxy: toxiproxy?.server }).run({ ...echoSetting(silence), toxics: true }, async () => {});
    await expect(run).rejects.toThrow(/the Toxiproxy at http.* is gone /);
  });

  it('that stays lets the run be', async () => {
    const { events, done } = listening(1);
    const run = realWorld({ timeScale: 0.01, toxiproxy: own?.server }).run({ ...echoSetting(events), toxics: true }, async (stage) => {
      await stage.client.connect(connectMain(stage.url));
      await stage.client.invoke(invokeEcho('a'));
      return done;
    });
    expect(await run).toEqual(['a']);
  });
});
