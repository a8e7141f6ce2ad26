import type { CancelTimer, Environment } from '../../protocols/common/environment.ts';
import type { Chunk, Given, Pipe, Wanted } from './pipe.ts';
import { type PipeMemory, passAll, pipeOf } from './pipes.ts';
import type { NamedToxic } from './toxic.ts';

/** What a link needs of its surroundings. */
export interface LinkSurroundings extends Pick<Environment, 'now' | 'after' | 'random'> {
  /** A number in [0, 1) for each decision whether a toxic acts on this connection, from a source of its own. */
  decide(): number;
}

/** Where a link leads. */
export interface LinkOutlet {
  bytes(data: Uint8Array): void;
  /** Nothing more comes out. Once. */
  closed(): void;
}

/** A toxic at its place in the chain. */
interface Station {
  readonly toxic: NamedToxic;
  readonly inbox: Chunk[];
  readonly memory: PipeMemory;
  /** What comes in is over once the inbox is empty. */
  ended: boolean;
  /** halted: between an interruption and the new start. */
  state: 'running' | 'taking' | 'waiting' | 'stubborn' | 'halted' | 'closed';
  pipe: Pipe;
  cancelTimer: CancelTimer | undefined;
}

/** One direction of one connection: bytes pass the toxics of a chain in order, and the chain may change meanwhile. */
export class ToxicLink {
  readonly #surroundings: LinkSurroundings;
  readonly #outlet: LinkOutlet;
  readonly #stations: Station[] = [];
  #over = false;

  /** Starts the link with its toxics, whose times are the world's. */
  constructor(toxics: readonly NamedToxic[], surroundings: LinkSurroundings, outlet: LinkOutlet) {
    this.#surroundings = surroundings;
    this.#outlet = outlet;
    for (const toxic of toxics) this.#stations.push(newStation(toxic, false));
    for (const station of this.#stations) this.#start(station);
  }

  /** Takes bytes that the source wrote; they must not be written to afterwards. */
  push(data: Uint8Array): void {
    this.#pass(this.#stations[0], { data, since: this.#surroundings.now() });
  }

  /** The source has ended. */
  end(): void {
    this.#passEnd(this.#stations[0]);
  }

  /** Adds a toxic to the end of the chain. What the last one is busy with goes out without it. */
  add(toxic: NamedToxic): void {
    const last = this.#stations.at(-1);
    const restart = last !== undefined && this.#interrupt(last);
    const station = newStation(toxic, last === undefined ? this.#over : last.state === 'closed');
    this.#stations.push(station);
    this.#start(station);
    if (restart) this.#start(last);
  }

  /** Takes a toxic out of the chain. What it and the one before it are busy with goes out at once. */
  remove(name: string): void {
    const index = this.#stations.findIndex(({ toxic }) => toxic.name === name);
    const station = this.#stations[index];
    if (station === undefined || !this.#interrupt(station)) return;
    if (station.toxic.type === 'timeout') {
      this.#close(station);
      return;
    }
    const before = this.#stations[index - 1];
    const restart = before !== undefined && this.#interrupt(before);
    this.#stations.splice(index, 1);
    const next = this.#stations[index];
    for (const chunk of station.inbox) this.#pass(next, chunk);
    if (station.ended) this.#passEnd(next);
    if (restart) this.#start(before);
  }

  /** Stops everything at once; nothing comes out any more. */
  stop(): void {
    this.#over = true;
    for (const station of this.#stations) {
      station.cancelTimer?.();
      station.state = 'closed';
    }
  }

  /** Hands a chunk to a station, or out where there is none left. */
  #pass(to: Station | undefined, chunk: Chunk): void {
    if (to === undefined) {
      if (!this.#over && chunk.data.length > 0) this.#outlet.bytes(chunk.data);
    } else if (to.state !== 'closed') {
      to.inbox.push(chunk);
      this.#feed(to);
    }
  }

  #passEnd(to: Station | undefined): void {
    if (to !== undefined) {
      to.ended = true;
      this.#feed(to);
    } else if (!this.#over) {
      this.#over = true;
      this.#outlet.closed();
    }
  }

  #start(station: Station): void {
    const { toxic, memory } = station;
    const acts = this.#surroundings.decide() < toxic.toxicity;
    station.pipe = acts ? pipeOf(toxic, memory, this.#surroundings.random) : passAll();
    station.state = 'running';
    this.#run(station, { kind: 'done', now: this.#surroundings.now() });
  }

  /** Gives a station that takes what lies in its inbox. */
  #feed(station: Station): void {
    if (station.state !== 'taking') return;
    const chunk = station.inbox.shift();
    const now = this.#surroundings.now();
    if (chunk !== undefined) this.#run(station, { kind: 'chunk', chunk, now });
    else if (station.ended) this.#run(station, { kind: 'end', now });
  }

  /** False where the station is closed, or cannot be interrupted and closes by itself. */
  #interrupt(station: Station): boolean {
    if (station.state !== 'taking' && station.state !== 'waiting') return false;
    this.#run(station, { kind: 'interrupt', now: this.#surroundings.now() });
    return hasState(station, 'halted');
  }

  #run(station: Station, given: Given): void {
    station.cancelTimer?.();
    station.cancelTimer = undefined;
    station.state = 'running';
    let step = station.pipe.next(given);
    for (;;) {
      // What came out may have ended the connection.
      if (hasState(station, 'closed')) return;
      if (step.done === true) {
        station.state = 'halted';
        if (step.value === 'closed') this.#close(station);
        return;
      }
      if (step.value.kind !== 'emit') {
        this.#await(station, step.value);
        return;
      }
      this.#pass(this.#after(station), step.value.chunk);
      step = station.pipe.next({ kind: 'done', now: this.#surroundings.now() });
    }
  }

  #await(station: Station, wanted: Exclude<Wanted, { kind: 'emit' }>): void {
    const ms = wanted.kind === 'take' ? wanted.within : wanted.ms;
    station.state = wanted.kind === 'take' ? 'taking' : wanted.stubborn === true ? 'stubborn' : 'waiting';
    if (ms !== undefined && Number.isFinite(ms)) {
      station.cancelTimer = this.#surroundings.after(Math.max(0, ms), () =>
        this.#run(station, { kind: 'done', now: this.#surroundings.now() }),
      );
    }
    this.#feed(station);
  }

  #close(station: Station): void {
    station.state = 'closed';
    station.inbox.length = 0;
    this.#passEnd(this.#after(station));
  }

  #after(station: Station): Station | undefined {
    return this.#stations[this.#stations.indexOf(station) + 1];
  }
}

function newStation(toxic: NamedToxic, ended: boolean): Station {
  return { toxic, inbox: [], memory: { passed: 0 }, ended, state: 'halted', pipe: passAll(), cancelTimer: undefined };
}

/** A state read anew: whatever was called in between may have changed it. */
function hasState(station: Station, state: Station['state']): boolean {
  return station.state === state;
}
