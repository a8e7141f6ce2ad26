import { fileURLToPath } from 'node:url';
import type { ConnectParams, InvokeParams, PeerEvents } from '../../../protocols/common/control.ts';
import type { Implementation } from '../manifest.ts';

const script = fileURLToPath(new URL('./adapter.mjs', import.meta.url));

/** An implementation whose adapter misbehaves in the given way (testing/adapter.mjs). */
export function implementation(
  mode: string,
  changes: Partial<Implementation> & { readonly arguments?: readonly string[] } = {},
): Implementation {
  const { arguments: more = [], ...rest } = changes;
  return {
    file: script,
    name: 'testing',
    title: 'Testing',
    label: undefined,
    version: undefined,
    language: 'JavaScript',
    url: undefined,
    protocol: 'river',
    roles: ['client'],
    command: [process.execPath, script, mode, ...more],
    setup: [],
    cwd: process.cwd(),
    env: {},
    features: undefined,
    bindings: undefined,
    redact: [],
    concurrency: undefined,
    timers: {},
    shapes: undefined,
    dials: undefined,
    startupMs: 10_000,
    callMs: 10_000,
    knownFailures: undefined,
    prerequisites: [],
    ...rest,
  };
}

/** What an application was told, one line an event. */
export interface Heard extends PeerEvents {
  readonly lines: readonly string[];
  /** Resolves when `count` events were heard. */
  until(count: number): Promise<readonly string[]>;
}

/** Events that write down what they are told. */
export function hear(): Heard {
  const lines: string[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const note =
    (kind: string) =>
    (params: unknown): void => {
      lines.push(`${kind} ${JSON.stringify(params)}`);
      for (const waiter of waiting) if (lines.length >= waiter.count) waiter.resolve();
    };
  return {
    lines,
    async until(count) {
      if (lines.length < count) await new Promise<void>((resolve) => waiting.push({ count, resolve }));
      return lines;
    },
    start: note('start'),
    message: note('message'),
    end: note('end'),
    status: note('status'),
    handler: note('handler'),
    log: note('log'),
  };
}

/** Parameters of a `connect`. */
export function connect(client = 'main'): ConnectParams {
  return { client, url: 'ws://127.0.0.1:1', binding: 'json', clientId: 'c', serverId: 's', timers: {}, options: {}, eager: false };
}

/** Parameters of an `invoke`. */
export function invoke(call: string, value: unknown = {}): InvokeParams {
  return { at: 'main', call, service: 'test', procedure: 'add', kind: 'rpc', value };
}
