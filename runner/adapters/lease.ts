import {
  type Calling,
  type ClientPeer,
  type InitializeResult,
  type PeerEvents,
  type ServerPeer,
  serveResult,
} from '../../protocols/common/control.ts';
import { toTagged } from '../../protocols/common/value.ts';
import { type Budget, createBudget, RUN_BUDGET } from './budget.ts';
import type { AdapterError } from './error.ts';
import type { Notification } from './notification.ts';

/** What one run gets of an adapter process. Handles are its own: no run sees or disturbs another's. */
export interface AdapterLease {
  readonly info: InitializeResult;
  /** The client role. Calls reject with an `AdapterError`. */
  client(events: PeerEvents): ClientPeer;
  /** The server role. Calls reject with an `AdapterError`. */
  server(events: PeerEvents): ServerPeer;
  /** The first failure that may have touched this run: the process ended, a call hung, the control protocol was broken. */
  failure(): AdapterError | undefined;
  /** Resolves with that failure once there is one; never rejects. */
  readonly failed: Promise<AdapterError>;
  /** Other runs used the same process during this one or before it, so that a failure may be theirs: run this one again in other company. */
  shared(): boolean;
  /** Something the adapter said turned out not to be so: breaks this run and gives the error to throw. */
  accuse(method: string, reason: string): AdapterError;
  /** Ms of wall clock that the process has lost so far: how much later than at once it answered pings. */
  lostMs(): number;
  /** Whether no run had used the process when this one began. */
  fresh(): boolean;
  /** The last of the process's stderr and logs since the lease began; of runs that go on beside it, too. */
  stderr(): string;
  /** Ends what the run left open and gives the place free. Never rejects; calling it again does nothing. */
  release(): Promise<void>;
}

/** What a lease needs of its process. */
export interface LeaseHost {
  readonly info: InitializeResult;
  /** Sends a request; rejects with an `AdapterError`. */
  call(method: string, params: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** The adapter answered a request of this lease with something that is not so: breaks the lease and gives the error to throw. */
  misanswered(method: string, reason: string): AdapterError;
  lostMs(): number;
  /** Whether a run of this process is over already. */
  readonly used: boolean;
  stderr(): string;
  /** Called once, when everything the run left open is ended. */
  released(): void;
}

/** A lease as its process sees it. */
export interface HostedLease {
  readonly lease: AdapterLease;
  /** Delivers a notification whose handles begin with this lease's prefix. Gives why it cannot be, if so. */
  deliver(notification: Notification): string | undefined;
  /** What its notifications may still cost. */
  readonly budget: Budget;
  fail(error: AdapterError): void;
  markShared(): void;
}

/** Separates the number of a run from the run's own handle: `12/main`. */
export const SEPARATOR = '/';

/** Makes the lease number `run` of a process. */
export function createLease(run: number, host: LeaseHost): HostedLease {
  const prefix = `${run}${SEPARATOR}`;
  const calls = new Map<string, PeerEvents>();
  const instances = new Map<string, PeerEvents>();
  const open = new Map<string, () => Promise<unknown>>();
  let failure: AdapterError | undefined;
  let shared = false;
  let releasing: Promise<void> | undefined;
  let tell: (error: AdapterError) => void = () => {};
  const failed = new Promise<AdapterError>((resolve) => {
    tell = resolve;
  });

  function fail(error: AdapterError): void {
    if (failure !== undefined) return;
    failure = error;
    tell(error);
  }

  const own = (handle: string): string => prefix + handle;
  const plain = (handle: string): string => handle.slice(prefix.length);

  function calling(events: PeerEvents): Required<Calling> {
    return {
      async invoke(params) {
        const handle = own(params.call);
        calls.set(handle, events);
        await host.call('invoke', { ...tagged(params, ['value', 'metadata']), at: own(params.at), call: handle });
      },
      async send(params) {
        await host.call('send', { ...tagged(params, ['value', 'metadata']), call: own(params.call) });
      },
      async credit(params) {
        await host.call('credit', { ...params, call: own(params.call) });
      },
      async finish(params) {
        await host.call('finish', { ...tagged(params, ['metadata', 'error']), call: own(params.call) });
      },
      async cancel(params) {
        await host.call('cancel', { call: own(params.call) });
      },
    };
  }

  function client(events: PeerEvents): ClientPeer {
    return {
      ...calling(events),
      async connect(params) {
        const handle = own(params.client);
        instances.set(handle, events);
        open.set(handle, () => host.call('disconnect', { client: handle }));
        await host.call('connect', { ...tagged(params, ['metadata', 'options']), client: handle });
      },
      async disconnect(params) {
        open.delete(own(params.client));
        await host.call('disconnect', { client: own(params.client) });
      },
    };
  }

  function server(events: PeerEvents): ServerPeer {
    return {
      ...calling(events),
      async serve(params) {
        const handle = own(params.server);
        instances.set(handle, events);
        open.set(handle, () => host.call('stop', { server: handle }));
        const answer = serveResult.safeParse(await host.call('serve', { ...tagged(params, ['options']), server: handle }));
        if (!answer.success || (params.url === undefined && answer.data.url === undefined)) {
          throw host.misanswered('serve', 'the answer has no url');
        }
        return answer.data;
      },
      async stop(params) {
        open.delete(own(params.server));
        await host.call('stop', { ...params, server: own(params.server) });
      },
    };
  }

  function deliver(notification: Notification): string | undefined {
    if (releasing !== undefined) return undefined; // late news of a run that is over
    switch (notification.method) {
      case 'start':
      case 'message':
      case 'end': {
        const events = calls.get(notification.params.call);
        if (events === undefined) return `${notification.method} for a call that was never made`;
        const call = plain(notification.params.call);
        if (notification.method === 'message') events.message({ ...notification.params, call });
        else events[notification.method]({ ...notification.params, call });
        return undefined;
      }
      case 'status': {
        const events = instances.get(notification.params.instance);
        if (events === undefined) return 'status of a client or server that was never made';
        events.status({ ...notification.params, instance: plain(notification.params.instance) });
        return undefined;
      }
      case 'handler': {
        const events = instances.get(notification.params.instance);
        if (events === undefined) return 'handler event of a client or server that was never made';
        events.handler({ ...notification.params, instance: plain(notification.params.instance) });
        return undefined;
      }
      case 'log':
        return undefined;
    }
  }

  async function release(): Promise<void> {
    // A hung process would only hang again. What else fails here is the process's own matter: it retires itself.
    if (failure?.kind !== 'hung') await Promise.allSettled([...open.values()].map((end) => end()));
    host.released();
  }

  return {
    deliver,
    budget: createBudget(RUN_BUDGET),
    fail,
    markShared() {
      shared = true;
    },
    lease: {
      info: host.info,
      client,
      server,
      failed,
      failure: () => failure,
      shared: () => shared,
      accuse: host.misanswered,
      lostMs: () => host.lostMs(),
      fresh: () => !host.used,
      stderr: () => host.stderr(),
      release() {
        releasing ??= release();
        return releasing;
      },
    },
  };
}

/** Parameters with the values of these keys tagged, where they are there. */
function tagged<P extends object>(params: P, keys: readonly (keyof P)[]): Readonly<Record<string, unknown>> {
  const made = keys.flatMap((key) => (key in params ? [[key, toTagged(params[key])]] : []));
  return { ...params, ...Object.fromEntries(made) };
}
