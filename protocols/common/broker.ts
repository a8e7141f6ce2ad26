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

/** A broker in the simulated world: a model of it, fresh for each run. */
export interface BrokerModel extends Asking {
  /** Takes a connection, whoever dialled it. */
  readonly accept: Accept;
}

/** A broker in the real world, which runs share. */
export interface RunningBroker extends Asking {
  /** By which another process reaches it. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
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
  /** Starts one, or reaches the one at `url`. Rejects with a `BrokerError` where there can be none. */
  start(options: { readonly url?: string | undefined; readonly guard: ProcessGuard }): Promise<RunningBroker>;
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
