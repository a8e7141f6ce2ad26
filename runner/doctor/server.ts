import { connect } from 'node:net';
import type { Carrier } from '../../protocols/common/carrier.ts';
import { serveResult } from '../../protocols/common/control.ts';
import { serverAddress } from '../worlds/real/server-address.ts';
import { type Bench, type Check, inWords, TIME_SCALE, unlessResult } from './check.ts';

/** Longest that a port may be open after its server was stopped, in ms. */
const CLOSED_MS = 2000;

const serveParams = ({ info, timers }: Bench, server: string): Record<string, unknown> => ({
  server,
  binding: info.bindings[0],
  serverId: 'SERVER',
  timers,
  options: { timeScale: TIME_SCALE },
});

/** Whether somebody takes connections there. */
function listens(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Serves; gives the address, or what came instead. */
async function serve(bench: Bench, carrier: Carrier, server: string): Promise<{ readonly url: string } | { readonly got: string }> {
  const reply = await bench.talk.ask('serve', serveParams(bench, server), bench.boundMs);
  if (reply.type !== 'result') return { got: inWords(reply, bench.talk, bench.boundMs) };
  const answer = serveResult.safeParse(reply.result);
  const url = answer.data?.url;
  if (url === undefined) return { got: inWords(reply, bench.talk, bench.boundMs) };
  const at = serverAddress(url, carrier, false);
  if (!at.ok) return { got: `the address ${url}: ${at.why}` };
  return (await listens(url)) ? { url } : { got: `the address ${url}, where nothing takes a connection` };
}

/** Checks of an adapter in the role of a server, whose first binding `carrier` carries. */
export function serverChecks(carrier: Carrier): readonly Check[] {
  return [
    {
      title: '`serve` answers with an address that takes connections, another each time',
      heading: 'A server',
      mend: 'Bind port 0 on 127.0.0.1 for each `serve`, and answer with its URL once it listens.',
      async run(bench) {
        const [one, other] = [bench.handle('one'), bench.handle('other')];
        const first = await serve(bench, carrier, one);
        if ('got' in first) return first.got;
        const second = await serve(bench, carrier, other);
        if ('got' in second) return `the second time ${second.got}`;
        if (first.url === second.url) return `${first.url} both times`;
        for (const server of [other, one]) {
          const got = unlessResult(await bench.talk.ask('stop', { server }, bench.boundMs), bench);
          if (got !== undefined) return `to stop: ${got}`;
        }
        return undefined;
      },
    },
    {
      title: '`stop` closes its port',
      heading: 'A server',
      mend: 'Close the listener and its connections before `stop` is answered.',
      async run(bench) {
        const server = bench.handle('stopped');
        const served = await serve(bench, carrier, server);
        if ('got' in served) return served.got;
        const got = unlessResult(await bench.talk.ask('stop', { server }, bench.boundMs), bench);
        if (got !== undefined) return got;
        const until = performance.now() + CLOSED_MS;
        while (await listens(served.url)) {
          if (performance.now() > until) return `${served.url} still takes connections ${CLOSED_MS} ms later`;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        return undefined;
      },
    },
  ];
}

/** Checks of an adapter in the role of a server that dials a broker, which is at `url`. */
export function brokeredServerChecks(url: string): readonly Check[] {
  return [
    {
      title: '`serve` is answered once the server is at the broker, another beside it; `stop` ends the one that it names',
      heading: 'A server',
      mend: 'Dial the broker at `url`, with names that begin with `space`, and answer `{}` once it serves; keep servers by their handles.',
      async run(bench) {
        const [one, other] = [bench.handle('one'), bench.handle('other')];
        for (const server of [one, other]) {
          const params = { ...serveParams(bench, server), url, space: `weir-doctor-${server}` };
          const got = unlessResult(await bench.talk.ask('serve', params, bench.boundMs), bench);
          if (got !== undefined) return `to serve: ${got}`;
        }
        for (const server of [other, one]) {
          const got = unlessResult(await bench.talk.ask('stop', { server }, bench.boundMs), bench);
          if (got !== undefined) return `to stop: ${got}`;
        }
        return undefined;
      },
    },
  ];
}
