import { carryOutToxic, type ToxicControls } from './network.ts';
import type { ToxicCommand } from './toxic.ts';

/** Whose a stretch of network is where nobody dials a broker. */
export const EVERYBODY = '';

/**
 * Stretches of network, one for each end that dials, on which toxics act together or one by one. One that comes later is as if it had been
 * there from the beginning.
 */
export class Stretches<N extends ToxicControls> {
  readonly #stretches = new Map<string, N>();
  /** What holds, in the order in which it was said. */
  #standing: Exclude<ToxicCommand, { remove: string } | 'up' | { up: object }>[] = [];

  /** The stretch of that end; undefined where none was added. */
  of(end: string): N | undefined {
    return this.#stretches.get(end);
  }

  /** All that were added. */
  all(): Iterable<N> {
    return this.#stretches.values();
  }

  /** A further one, of that end. What acts at once does so before this returns. Rejects with an Error saying why where it cannot. */
  async join(end: string, stretch: N): Promise<void> {
    this.#stretches.set(end, stretch);
    await Promise.all(this.#standing.filter((command) => concerns(command, end)).map((command) => carryOutToxic(stretch, command)));
  }

  /** Carries out a command whose times are the world's, on those that it is about. Rejects with an Error saying why where it cannot. */
  async carryOut(command: ToxicCommand): Promise<void> {
    const about = typeof command === 'object' && 'remove' in command ? this.#added(command.remove) : command;
    this.#remember(command);
    const ends = [...this.#stretches].filter(([end]) => concerns(about, end));
    await Promise.all(ends.map(([, stretch]) => carryOutToxic(stretch, command)));
  }

  /** The command that added a toxic. Throws where none of that name is there. */
  #added(name: string): ToxicCommand {
    const found = this.#standing.find((each) => isToxic(each, name));
    if (found !== undefined) return found;
    const names = this.#standing.flatMap((each) => (typeof each === 'object' && 'add' in each ? [each.add.name] : [])).join(', ');
    throw new Error(`there is no toxic ${name} to remove; there is ${names === '' ? 'none at all' : names}`);
  }

  #remember(command: ToxicCommand): void {
    if (typeof command === 'object' && 'remove' in command)
      this.#standing = this.#standing.filter((each) => !isToxic(each, command.remove));
    else if (command === 'up') this.#standing = this.#standing.filter((each) => ofDown(each) === undefined);
    else if (typeof command === 'object' && 'up' in command) {
      const { of } = command.up;
      this.#standing = this.#standing.filter((each) => ofDown(each) !== of);
    } else this.#standing.push(command);
  }
}

function isToxic(command: ToxicCommand, name: string): boolean {
  return typeof command === 'object' && 'add' in command && command.add.name === name;
}

/** Whose network a command takes down, `EVERYBODY` where it takes down all; undefined where it takes none. */
function ofDown(command: ToxicCommand): string | undefined {
  if (command === 'down') return EVERYBODY;
  return typeof command === 'object' && 'down' in command ? command.down.of : undefined;
}

function concerns(command: ToxicCommand, end: string): boolean {
  const of = ofOf(command);
  return of === undefined || of === end;
}

function ofOf(command: ToxicCommand): string | undefined {
  if (typeof command === 'string' || 'remove' in command) return undefined;
  if ('add' in command) return command.add.of;
  return 'down' in command ? command.down.of : command.up.of;
}
