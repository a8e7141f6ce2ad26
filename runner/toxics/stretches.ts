import { carryOutToxic, type ToxicControls } from './network.ts';
import { type ToxicCommand, whose } from './toxic.ts';

/** What goes on to hold once it was said. */
type Standing = Extract<ToxicCommand, { kind: 'add' }> | { readonly kind: 'down'; readonly of?: string };

/** Whose a stretch of network is where nobody dials a broker. */
export const EVERYBODY = '';

/**
 * Stretches of network, one for each end that dials, on which toxics act together or one by one. One that comes later is as if it had been
 * there from the beginning.
 */
export class Stretches<N extends ToxicControls> {
  readonly #stretches = new Map<string, N>();
  /** What holds, in the order in which it was said. */
  #standing: Standing[] = [];

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
    const about = command.kind === 'remove' ? this.#added(command.name) : command;
    this.#remember(command);
    const ends = [...this.#stretches].filter(([end]) => concerns(about, end));
    await Promise.all(ends.map(([, stretch]) => carryOutToxic(stretch, command)));
  }

  /** The command that added a toxic. Throws where none of that name is there. */
  #added(name: string): Standing {
    const added = this.#standing.filter((each) => each.kind === 'add');
    const found = added.find(({ toxic }) => toxic.name === name);
    if (found !== undefined) return found;
    const names = added.map(({ toxic }) => toxic.name).join(', ');
    throw new Error(`there is no toxic ${name} to remove; there is ${names === '' ? 'none at all' : names}`);
  }

  #remember(command: ToxicCommand): void {
    switch (command.kind) {
      case 'add':
        this.#standing.push(command);
        break;
      case 'down':
        this.#standing.push({ ...command, kind: 'down' });
        break;
      case 'remove':
        this.#standing = this.#standing.filter((each) => each.kind !== 'add' || each.toxic.name !== command.name);
        break;
      case 'up':
        this.#standing = this.#standing.filter((each) => each.kind !== 'down' || !(command.of === undefined || each.of === command.of));
    }
  }
}

function concerns(command: Exclude<ToxicCommand, { kind: 'remove' }>, end: string): boolean {
  const of = whose(command);
  return of === undefined || of === end;
}
