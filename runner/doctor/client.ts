import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type Bench, type Check, TIME_SCALE, unlessRefused, unlessResult } from './check.ts';

/** What `connect` says, but for the address. */
function connectParams({ info, timers, brokerUrl }: Bench, client: string, url: string): Record<string, unknown> {
  const binding = info.bindings[0];
  const names = brokerUrl === undefined ? {} : { space: `weir-doctor-${client}` };
  return { ...names, client, url, binding, clientId: client, serverId: 'SERVER', timers, options: { timeScale: TIME_SCALE }, eager: false };
}

/** Calls back with the address of a listener that takes connections and says nothing, and gives what came of it. */
async function withSilence<T>(scheme: string, use: (url: string) => Promise<T>): Promise<T> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

/** Checks of an adapter in the role of a client. `scheme` is that of its binding's URLs. */
export function clientChecks(scheme: string): readonly Check[] {
  return [
    {
      title: '`connect` is answered before there is a connection',
      heading: 'A client',
      mend: 'Answer `connect` as soon as the client exists; with `eager` let it dial meanwhile; where the library dials only with a call, do nothing.',
      run: (bench) =>
        withSilence(scheme, async (url) => {
          const client = bench.handle('eager');
          const reply = await bench.talk.ask('connect', { ...connectParams(bench, client, url), eager: true }, bench.boundMs);
          return unlessResult(reply, bench);
        }),
    },
    {
      title: 'two clients live side by side, and each is closed alone',
      heading: 'Handles',
      mend: 'Keep clients by their handles and nothing global; `disconnect` closes the one that it names.',
      run: (bench) =>
        withSilence(scheme, async (url) => {
          const [one, other] = [bench.handle('one'), bench.handle('other')];
          const asked = [one, other].map((client) => ({ method: 'connect', params: connectParams(bench, client, url) }));
          for (const reply of await bench.talk.askTogether(asked, bench.boundMs)) {
            const got = unlessResult(reply, bench);
            if (got !== undefined) return `to connect: ${got}`;
          }
          for (const client of [other, one]) {
            const got = unlessResult(await bench.talk.ask('disconnect', { client }, bench.boundMs), bench);
            if (got !== undefined) return `to disconnect: ${got}`;
          }
          return undefined;
        }),
    },
    {
      title: 'a client that is not there is refused, and the adapter lives on',
      heading: 'Handles',
      mend: 'Answer what names a handle that you do not know with an error.',
      async run(bench) {
        const call = bench.handle('call');
        const params = { at: bench.handle('nobody'), call, procedure: 'none', kind: 'none', value: null };
        return unlessRefused(await bench.talk.ask('invoke', params, bench.boundMs), bench);
      },
    },
  ];
}
