import { messageOf, peerOf, type Role } from '../../common/frame.ts';
import type { Invariant, RunFacts } from '../../common/invariant.ts';
import type { ApplicationHappening, TraceEvent } from '../../common/trace.ts';
import { encodeFrame } from '../encode.ts';
import type { RSocketFrame } from '../frame.ts';
import { setupFrame } from '../frames.ts';
import { readFrame } from '../read.ts';
import { bytes, payload } from './worked-bytes.ts';

/** How a frame travels: `lost` never arrives, `late` arrives when told. */
export interface Travel {
  readonly lost?: true;
  readonly connection?: number;
}

/** Two ends that say whatever a test wants. Each frame arrives at once unless it is lost. */
export class Talk {
  readonly events: TraceEvent<RSocketFrame>[] = [];
  #t = 0;

  /** Sends a frame; gives the number of the event. */
  say(from: Role, frame: RSocketFrame, travel: Travel = {}): number {
    return this.sayBytes(from, encodeFrame(frame), travel);
  }

  /** Sends bytes that are perhaps no frame. */
  sayBytes(from: Role, data: Uint8Array, { lost, connection = 0 }: Travel = {}, text = false): number {
    const frame = messageOf(data, text);
    const decoded = readFrame(frame);
    const n = this.events.length;
    this.events.push({ type: 'sent', n, t: this.#t, connection, from, frame, decoded });
    if (lost === undefined) {
      this.events.push({ type: 'delivered', n: n + 1, t: this.#t, connection, to: peerOf(from), of: n, altered: false, frame, decoded });
    }
    return n;
  }

  client(...frames: readonly RSocketFrame[]): void {
    for (const frame of frames) this.say('client', frame);
  }

  server(...frames: readonly RSocketFrame[]): void {
    for (const frame of frames) this.say('server', frame);
  }

  opened(connection = 0): void {
    this.events.push({ type: 'opened', n: this.events.length, t: this.#t, connection });
  }

  closed(by: Role | 'proxy' = 'client', connection = 0): void {
    this.events.push({ type: 'closed', n: this.events.length, t: this.#t, connection, by, how: 'fin', code: undefined });
  }

  /** What an application did, or was told. */
  told(role: Role, event: ApplicationHappening, instance = 'main'): void {
    this.events.push({ type: 'application', n: this.events.length, t: this.#t, role, instance, event });
  }

  /** A client's application makes a call. */
  invoked(call: string, procedure: string, instance = 'main'): void {
    this.told('client', { kind: 'invoke', call, procedure }, instance);
  }

  wait(ms: number): void {
    this.#t += ms;
  }

  /** A connection and its SETUP. */
  begin({ token, lease = false, connection = 0 }: { token?: string; lease?: boolean; connection?: number } = {}): void {
    this.opened(connection);
    const times = { keepaliveMs: 2000, lifetimeMs: 10_000, metadataMime: 'a/b', dataMime: 'c/d' };
    const setup = setupFrame({ ...times, token: token === undefined ? undefined : bytes(token), lease, ...payload('') });
    this.say('client', setup, { connection });
  }
}

/** Facts of a run for tests. */
export const testFacts: RunFacts = {
  binding: 'tcp',
  clientIds: [],
  serverId: '',
  timers: { keepaliveMs: 2000, lifetimeMs: 10_000 },
  procedureKinds: {},
  scripted: [],
};

/** What an invariant says of a conversation: `RSOCKET-RR-01 server`, each once, in order; and which rules held. */
export function judge(invariant: Invariant<RSocketFrame>, play: (talk: Talk) => void, facts: RunFacts = testFacts) {
  const talk = new Talk();
  play(talk);
  const broken = new Set<string>();
  const held = new Set<string>();
  const automaton = invariant.start(facts, {
    holds: (requirement, blame) => void held.add(`${requirement} ${blame}`),
    violates: ({ requirement, blame, message, events }) => {
      if (message === '' || events.length === 0 || events.some((n) => talk.events[n] === undefined))
        throw new Error(`${requirement}: says nothing`);
      broken.add(`${requirement} ${blame}`);
    },
  });
  for (const event of talk.events) automaton.observe(event);
  automaton.finish();
  return { broken: [...broken], held: [...held] };
}
