import type { Answer } from '../carriers/resp/pairing.ts';
import { answerOf } from './decode.ts';
import type { Answered, Asked, Happening } from './happening.ts';

/** A command that was said, of which it is not known yet whether it is carried out. */
interface HeldCommand {
  readonly asked: Asked;
  /** `n` of the event by which the broker got it. */
  taken?: number;
}

const NONE: readonly Happening[] = [];

/**
 * What one connection says, as it is carried out: the commands of a transaction are held back until the reply to its EXEC, and with them
 * what was said behind them. Where that is an error, it is the answer to each of them. Of a transaction that is discarded, that a watched
 * key keeps from being carried out, or that has no EXEC, nothing is told but what was refused at once. A connection that ends before the
 * reply leaves open what became of them, as it does of any command.
 */
export class Held {
  /** In order; the first is a MULTI. */
  #commands: HeldCommand[] = [];

  /** An end said a command. */
  asked(asked: Asked): readonly Happening[] {
    if (this.#commands.length === 0 && asked.command.name !== 'MULTI') return [{ kind: 'asked', asked }];
    this.#commands.push({ asked });
    return NONE;
  }

  /** The broker got it. */
  taken(asked: Asked, n: number): readonly Happening[] {
    const held = this.#commands.find((each) => each.asked === asked);
    if (held === undefined) return [{ kind: 'taken', asked, n }];
    held.taken = n;
    return NONE;
  }

  /** The broker answered it. */
  answered(happening: Answered, { queued, executed = [] }: Pick<Answer<Asked>, 'queued' | 'executed'>): readonly Happening[] {
    if (queued === true) return NONE;
    if (this.#commands.length === 0 && executed.length === 0) return [happening];
    const { asked, answer, n } = happening;
    const results = executed.map(({ to, reply }): Answered => ({ kind: 'answered', asked: to, answer: answerOf(reply), n }));
    const indexOf = (command: Asked): number => this.#commands.findIndex((each) => each.asked === command);
    const at = Math.max(indexOf(asked), ...executed.map(({ to }) => indexOf(to)));
    if (at < 0) return executed.length === 0 ? [happening] : results;
    const isError = answer.form === 'error';
    if (asked.command.name === 'EXEC') {
      const transaction = within(this.#commands.splice(0, at + 1));
      const refused = isError ? transaction.map((each): Answered => ({ kind: 'answered', asked: each.asked, answer, n })) : [];
      const said = isError || executed.length > 0 ? transaction.flatMap(told) : [];
      return [...said, ...results, ...refused, ...this.#free()];
    }
    if (asked.command.name === 'MULTI' && !isError) return NONE;
    if (asked.command.name === 'DISCARD' && !isError) {
      this.#commands.splice(0, at + 1);
      return this.#free();
    }
    const direct = this.#commands.splice(at, 1).flatMap(told);
    return [...direct, happening, ...(at === 0 ? this.#free() : NONE)];
  }

  /** What was said in transactions and behind them, of which it is not known yet. */
  get open(): readonly Asked[] {
    return this.#commands.map(({ asked }) => asked);
  }

  /** The connection ended. */
  closed(): readonly Happening[] {
    const happenings: Happening[] = [];
    while (this.#commands.length > 0) {
      const end = this.#commands.findIndex(({ asked }) => asked.command.name === 'EXEC' || asked.command.name === 'DISCARD');
      const transaction = this.#commands.splice(0, end < 0 ? this.#commands.length : end + 1);
      if (transaction.at(-1)?.asked.command.name === 'EXEC') happenings.push(...within(transaction).flatMap(told));
      happenings.push(...this.#free());
    }
    return happenings;
  }

  /** What stands before the next transaction is told. */
  #free(): readonly Happening[] {
    const next = this.#commands.findIndex(({ asked }) => asked.command.name === 'MULTI');
    return this.#commands.splice(0, next < 0 ? this.#commands.length : next).flatMap(told);
  }
}

function told({ asked, taken }: HeldCommand): readonly Happening[] {
  const said: Happening = { kind: 'asked', asked };
  return taken === undefined ? [said] : [said, { kind: 'taken', asked, n: taken }];
}

/**
 * The commands of a transaction, without what stands around them. All of it happens at once, so that in it nothing is acknowledged before
 * it is replied to: acknowledgements come last.
 */
function within(transaction: readonly HeldCommand[]): readonly HeldCommand[] {
  const said = transaction.filter(({ asked }) => !AROUND.has(asked.command.name));
  const isAck = ({ asked }: HeldCommand): boolean => asked.command.name === 'XACK';
  return [...said.filter((each) => !isAck(each)), ...said.filter(isAck)];
}

const AROUND: ReadonlySet<string> = new Set(['MULTI', 'EXEC', 'DISCARD']);
