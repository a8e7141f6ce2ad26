import { BrokerError, type BrokerKind, type RunningBroker } from '../../../protocols/common/broker.ts';
import { createReaper, type Reaper } from '../../adapters/reaper.ts';

/** Brokers that a run of a world has for itself, at most at a time: each is a process. */
const MOST_OWN = 4;

/** Brokers of a world: one of each kind that runs share, and those that runs have for themselves. */
export interface SharedBrokers {
  /** The broker of that kind, started when it is first asked for. Rejects, each time alike, where there can be none. */
  of(kind: BrokerKind): Promise<RunningBroker>;
  /** One of that kind that nobody else has, for as long as whoever asked for it does not close it. Waits for its turn. */
  own(kind: BrokerKind): Promise<RunningBroker>;
  /** See `World`. */
  provide(kind: BrokerKind): Promise<{ readonly url: string } | { readonly lacking: string }>;
  /** Ends those that were started. */
  close(): Promise<void>;
}

/** None yet. `url`: where one is already; `host`: the address at which those listen that are started. */
export function shareBrokers(url: string | undefined, host: () => Promise<string>): SharedBrokers {
  const running = new Map<string, Promise<RunningBroker>>();
  let guard: Reaper | undefined;
  // Signals are whoever runs' to take; what remains after that is ended with the process, or by its heir.
  const guarding = (): Reaper => {
    guard ??= createReaper(process, []);
    return guard;
  };
  const turns = takeTurns(MOST_OWN);
  const start = async (kind: BrokerKind, at?: string): Promise<RunningBroker> =>
    kind.start({ url: at, guard: guarding(), host: await host() });
  const shared: SharedBrokers = {
    of(kind) {
      const known = running.get(kind.name) ?? start(kind, url);
      running.set(kind.name, known);
      return known;
    },
    async own(kind) {
      const done = await turns();
      const broker = await start(kind).catch((error: unknown) => {
        done();
        throw error;
      });
      return { ...broker, close: () => broker.close().finally(done) };
    },
    async provide(kind) {
      try {
        return { url: (await shared.of(kind)).url };
      } catch (error) {
        if (error instanceof BrokerError && error.kind === 'missing') return { lacking: error.message };
        throw error;
      }
    },
    async close() {
      const started = await Promise.allSettled(running.values());
      running.clear();
      await Promise.all(started.map((each) => (each.status === 'fulfilled' ? each.value.close() : undefined)));
      guard?.close();
      guard = undefined;
    },
  };
  return shared;
}

/** So many at a time: resolves, in the order in which it is called, with what is called once the turn is over. */
function takeTurns(most: number): () => Promise<() => void> {
  let free = most;
  const waiting: (() => void)[] = [];
  return async () => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    return () => {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    };
  };
}
