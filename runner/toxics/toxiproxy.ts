import { Toxiproxy, type Proxy as ToxiproxyProxy } from 'toxiproxy-node-client';
import { within } from '../adapters/within.ts';
import type { Address, ToxicNetwork } from './network.ts';

/** A running Toxiproxy server. */
export interface ToxiproxyServer {
  /** Makes a proxy in front of a server. Rejects with an Error saying why where Toxiproxy refuses. */
  network(server: Address): Promise<ToxicNetwork>;
}

/** Ports below those that systems give out themselves, so that a proxy that is down keeps its own. */
const FIRST_PORT = 20_000;
const PORTS = 10_000;

/** Ports in a row that may be taken before there is taken to be none. */
const MOST_TRIES = 100;

/** Longest that the server may take to answer, in ms; this process may be busy, too. */
const ANSWER_LIMIT_MS = 5000;

/** What a Toxiproxy says its version is: `2.9.0`, `git` where it was built from its sources, or such a text in JSON. */
const VERSION = /^(?:\{\s*"version":\s*")?(?:git|v?\d+\.\d+)/;

/** How much of an answer that is no version is told. */
const MAX_QUOTED = 40;

/**
 * Reaches the Toxiproxy at `url`, the address of its HTTP API. It must run where it can reach this host's loopback, and
 * this process its listeners. Rejects with an Error saying what to do where it does not answer.
 */
export async function reachToxiproxy(url: string): Promise<ToxiproxyServer> {
  const base = url.replace(/\/+$/, '');
  const api = new Toxiproxy(base);
  try {
    if (!/^https?:\/\/./.test(base)) throw new Error('its URL is written http://127.0.0.1:8474');
    const said = (await answered(api.getVersion())).trim();
    if (!VERSION.test(said)) throw new Error(`something else does: its version is ${JSON.stringify(said.slice(0, MAX_QUOTED))}`);
  } catch (error) {
    throw new Error(
      `no Toxiproxy answers at ${url} (${reason(error)}); start one (docker compose up), or leave --toxiproxy-url and TOXIPROXY_URL out to use the embedded one`,
      { cause: error },
    );
  }
  let tried = process.pid % PORTS;

  async function said<T>(what: string, asked: Promise<T>): Promise<T> {
    try {
      return await answered(asked);
    } catch (error) {
      throw refused(base, what, error);
    }
  }

  async function create(server: Address): Promise<ToxiproxyProxy> {
    for (let tries = 0; ; tries += 1) {
      tried += 1;
      const port = FIRST_PORT + (tried % PORTS);
      const upstream = `${server.host.includes(':') ? `[${server.host}]` : server.host}:${server.port}`;
      try {
        return await answered(
          api.createProxy({ name: `weir-${process.pid}-${port}`, listen: `127.0.0.1:${port}`, upstream, enabled: true }),
        );
      } catch (error) {
        // The name or the port is taken; the client keeps to itself which error it was.
        if (!/status code (?:409|500)/.test(reason(error)) || tries >= MOST_TRIES) throw refused(base, 'make a proxy', error);
      }
    }
  }

  return {
    async network(server) {
      const proxy = await create(server);
      const { listen, upstream } = proxy;
      const enable = async (enabled: boolean) => {
        await said(enabled ? 'enable a proxy' : 'disable a proxy', proxy.update({ enabled, listen, upstream }));
      };
      return {
        address: addressOf(listen),
        async add({ name, type, stream, toxicity, attributes }) {
          await said(`add ${name}`, proxy.addToxic({ name, type, stream, toxicity, attributes }));
        },
        async remove(name) {
          const toxic = await said(`remove ${name}`, proxy.getToxic(name));
          await said(`remove ${name}`, toxic.remove());
        },
        down: () => enable(false),
        up: () => enable(true),
        async lost() {
          try {
            await answered(api.get(proxy.name));
            return undefined;
          } catch (error) {
            return gone(base, error);
          }
        },
        async close() {
          // A Toxiproxy that is gone has taken its proxies with it.
          await answered(proxy.remove()).catch(() => {});
        },
      };
    },
  };
}

function addressOf(listen: string): Address {
  const colon = listen.lastIndexOf(':');
  return { host: listen.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), port: Number(listen.slice(colon + 1)) };
}

/** What was asked for. Rejects where it takes too long, as with a server that was stopped and not ended. */
async function answered<T>(asked: Promise<T>): Promise<T> {
  const answer = await within(asked, ANSWER_LIMIT_MS);
  if (answer.type === 'late') throw new Error(`nothing within ${ANSWER_LIMIT_MS} ms`);
  return answer.value;
}

/** The error of something that a Toxiproxy was asked for: it would not do it, or is not there to be asked. */
function refused(url: string, what: string, error: unknown): Error {
  // So says Node's `fetch`; the client keeps to itself why.
  if (reason(error).startsWith('fetch failed')) return gone(url, error);
  return new Error(`Toxiproxy would not ${what}: ${reason(error)}`, { cause: error });
}

function gone(url: string, error: unknown): Error {
  return new Error(
    `the Toxiproxy at ${url}, or the proxy that it made for this run, is gone (${reason(error)}), so nothing can be said of the run; start it again and repeat the run`,
    { cause: error },
  );
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
