import type { Accept, Environment } from './environment.ts';

/** A command on the harness's own connection to a broker, as the broker has it. */
export type BrokerCommand = readonly (string | number | Uint8Array)[];

/** What the harness can ask of a broker, real or not. */
export interface Asking {
  /**
   * Carries out one command, of which no trace shows anything. Resolves with plain values (texts where bytes are UTF-8, numbers, null, lists);
   * rejects with an Error of the broker's words where it refuses.
   */
  ask(command: BrokerCommand): Promise<unknown>;
}

/** What happens to a broker as a whole: who shares one would suffer, so that a run has one of its own for it. */
export interface Outages {
  /** It dies as a process does that is killed: connections end, what it kept is lost, nobody answers until `up`. Resolves when it is gone. */
  down(): Promise<void>;
  /** It is there again, and empty. Resolves when it answers. */
  up(): Promise<void>;
  /** It answers nothing until `thaw`; connections stay, new ones come to be, and what is sent is not lost. */
  freeze(): void;
  /** It answers what has come meanwhile, and goes on. */
  thaw(): void;
}

/** A broker in the simulated world: a model of it, fresh for each run. */
export interface BrokerModel extends Asking {
  /** Takes a connection, whoever dialled it; undefined while it is down. */
  readonly accept: Accept | undefined;
  /** Absent where there are none of it. */
  readonly outages?: Outages;
}

/** A broker in the real world. */
export interface RunningBroker extends Asking {
  /** By which another process reaches it at first. */
  readonly url: string;
  /** Where it is now; undefined while it is down. */
  where(): { readonly host: string; readonly port: number } | undefined;
  /** Absent where there are none of it, or it is not ours. */
  readonly outages?: Outages;
  /** Takes away all whose name begins so, and nothing else. */
  clear(space: string): Promise<void>;
  /** Ends it where it was started for us, else lets go of it. Resolves when it is gone. */
  close(): Promise<void>;
}

/** What ends process groups when the runner ends, however it ends. */
export interface ProcessGuard {
  add(group: number): void;
  remove(group: number): void;
  bequeath(): void;
}

/** What stands between the ends of a protocol that both dial it: never under test, a part of the harness. */
export interface BrokerKind {
  /** For people: `redis` */
  readonly name: string;
  /** Makes the model; time and chance are the environment's. */
  model(environment: Environment): BrokerModel;
  /** Starts one, at `host` (default: 127.0.0.1), or reaches the one at `url`. Rejects with a `BrokerError` where there can be none. */
  start(options: { readonly url?: string | undefined; readonly guard: ProcessGuard; readonly host?: string }): Promise<RunningBroker>;
  /** Whether a command reaches beyond the names in it, so that a run that asks for it needs a broker of its own. Absent: none does. */
  reachesAll?(command: BrokerCommand): boolean;
}

/** Why there is no broker. */
export class BrokerError extends Error {
  override readonly name = 'BrokerError';
  /** `missing`: the machine has none; `unfit`: what is at the address cannot be used. */
  readonly kind: 'missing' | 'unfit';
  /** What to do: the command that installs one. */
  readonly hint: string | undefined;

  constructor(kind: 'missing' | 'unfit', message: string, hint?: string) {
    super(message);
    this.kind = kind;
    this.hint = hint;
  }
}
