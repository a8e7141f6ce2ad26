import { BrokerError, type BrokerKind, type RunningBroker } from '../../../protocols/common/broker.ts';
import { createReaper, type Reaper } from '../../adapters/reaper.ts';

/** Brokers that the runs of a world share. */
export interface SharedBrokers {
  /** The broker of that kind, started when it is first asked for. Rejects, each time alike, where there can be none. */
  of(kind: BrokerKind): Promise<RunningBroker>;
  /** See `World`. */
  provide(kind: BrokerKind): Promise<{ readonly url: string } | { readonly lacking: string }>;
  /** Ends those that were started. */
  close(): Promise<void>;
}

/** None yet. `url`: where one is already. */
export function shareBrokers(url: string | undefined): SharedBrokers {
  const running = new Map<string, Promise<RunningBroker>>();
  let guard: Reaper | undefined;
  const shared: SharedBrokers = {
    of(kind) {
      // Signals are whoever runs' to take; what remains after that is ended with the process, or by its heir.
      guard ??= createReaper(process, []);
      const known = running.get(kind.name) ?? kind.start({ url, guard });
      running.set(kind.name, known);
      return known;
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
