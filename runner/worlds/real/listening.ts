import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { hostname } from 'node:os';
import type { Address } from '../../toxics/network.ts';

/** The address of the loopback that every system has, and everybody dials. */
export const USUAL_HOST = '127.0.0.1';

/** Has a server listen on the loopback. Gives where; rejects with the system's error where it cannot. */
export type Listen = (server: Server) => Promise<Address>;

/** Listens at 127.0.0.1, where people look for what they have started; on a free port where `port` is 0. */
export function atUsual(port = 0): Listen {
  return (server) => listenAt(server, { host: USUAL_HOST, port });
}

/** Addresses that a process has for itself, each with `PORTS` ports. */
const HOSTS = 16;

/** Ports that are given: below those that systems give to whoever asks for any, so that who dials one of ours long after meets nobody. */
const [FIRST_PORT, PORTS] = [10_000, 22_000];

/** Ports in a row that somebody may have, as who listens at all addresses does, before there is taken to be none. */
const ATTEMPTS = 1000;

/**
 * Addresses of the loopback that are this process's own, as far as chance allows: some in a row of fifteen million. Linux has all of
 * 127/8 there. The same whenever they are asked for.
 */
export function ownHosts(): readonly string[] {
  const identity = `${hostname()} ${process.pid} ${performance.timeOrigin}`;
  const [a = 0, b = 0, c = 0] = createHash('sha256').update(identity).digest();
  // What systems keep for themselves is below 127.1: resolvers, names of the host.
  return Array.from({ length: HOSTS }, (_, i) => `127.${1 + (a % 254)}.${b}.${1 + (c % (255 - HOSTS)) + i}`);
}

/** Where the runs of a process listen: nobody else is given what they are given, and they are given nothing twice. */
export interface OwnPlaces {
  /** At an address of this process's own, where the system has such, else at 127.0.0.1. */
  readonly listen: Listen;
  /** At 127.0.0.1, for an end that dials nothing else. */
  readonly listenAtUsual: Listen;
  /** An address of its own, or 127.0.0.1, for what takes its port itself. */
  host(): Promise<string>;
}

/**
 * Gives places to listen, in order, from a port that `random` chooses. A port that the system chose may be one that others were
 * given before, and whoever still dials those is then taken for an end of the run: a client that reconnects to a run that is over, in
 * this process or another. A place is given again after `HOSTS * PORTS` others.
 */
export function ownPlaces(hosts: readonly string[] = ownHosts(), random: () => number = Math.random): OwnPlaces {
  const from = Math.floor(random() * PORTS);
  let given = 0;
  let known: Promise<string> | undefined;
  const host = (): Promise<string> => {
    const asked = known ?? bindable(hosts[0] ?? USUAL_HOST);
    known = asked;
    // What the machine refuses now it may grant later.
    asked.catch(() => {
      known = undefined;
    });
    return asked;
  };
  const listenAtOne = async (server: Server, hostOf: (given: number) => string): Promise<Address> => {
    for (let attempt = 1; ; attempt += 1) {
      const place = { host: hostOf(given), port: FIRST_PORT + ((from + given) % PORTS) };
      given += 1;
      try {
        return await listenAt(server, place);
      } catch (error) {
        if (attempt === ATTEMPTS || !isTaken(error)) throw error;
      }
    }
  };
  return {
    host,
    async listen(server) {
      const first = await host();
      return listenAtOne(server, (n) => (first === USUAL_HOST ? first : (hosts[Math.floor(n / PORTS) % hosts.length] ?? first)));
    },
    listenAtUsual: (server) => listenAtOne(server, () => USUAL_HOST),
  };
}

async function listenAt(server: Server, { host, port }: Address): Promise<Address> {
  await once(server.listen(port, host), 'listening');
  return { host, port: (server.address() as AddressInfo).port };
}

/** That address, where something can listen at it, else 127.0.0.1. */
async function bindable(host: string): Promise<string> {
  const probe = createServer();
  try {
    await listenAt(probe, { host, port: 0 });
  } catch (error) {
    if (codeOf(error) === 'EADDRNOTAVAIL') return USUAL_HOST;
    throw error;
  }
  await new Promise((resolve) => probe.close(resolve));
  return host;
}

function isTaken(error: unknown): boolean {
  return codeOf(error) === 'EADDRINUSE';
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
