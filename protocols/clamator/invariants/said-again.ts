import type { Past } from '../../common/invariant.ts';
import type { TraceEvent } from '../../common/trace.ts';
import type { Happening } from '../happening.ts';
import type { ClamatorMessage } from '../message.ts';

/** Tells commands that are said again because nobody knows what became of them from those that are said twice. */
export interface SaidAgain {
  /** The next event. */
  see(event: TraceEvent<ClamatorMessage>): void;
  /**
   * What it means; whether it is a server's XADD or XACK of which the last connection ended before it was answered, or which was answered
   * with an error.
   */
  observe(happening: Happening): boolean;
  /** Lets go of what is past. What was said without an answer may be said again at any time, and is kept. */
  forget(past: Past): void;
}

/** What may be said again: what a server adds and acknowledges. */
const REPEATABLE: ReadonlySet<string> = new Set(['XADD', 'XACK']);

/**
 * Watches from the start of a trace on. Nothing forbids a server to say a reply or an acknowledgement again whose connection was lost
 * before its answer, or that was refused; a client is forbidden it for calls (CLAMATOR-TIMEOUT-05).
 */
export function startSaidAgain(): SaidAgain {
  /** Connections on which a command was said and not answered, or that it was refused, by who said it and its words. */
  const open = new Map<string, number | 'refused'>();
  const ended = new Set<number>();
  return {
    see(event) {
      if (event.type === 'closed') ended.add(event.connection);
    },
    observe(happening) {
      if (happening.kind !== 'asked' && happening.kind !== 'heard') return false;
      const { by, command, connection } = happening.asked;
      if (by.role !== 'server' || !REPEATABLE.has(command.name)) return false;
      const words = [by.name, command.name, ...command.args].join('\0');
      const before = open.get(words);
      if (happening.kind === 'heard') {
        if (before === connection && happening.answer.form === 'error') open.set(words, 'refused');
        else if (before === connection) open.delete(words);
        return false;
      }
      open.set(words, connection);
      return before === 'refused' || (before !== undefined && before !== connection && ended.has(before));
    },
    forget() {
      const waiting = new Set(open.values());
      for (const connection of ended) if (!waiting.has(connection)) ended.delete(connection);
    },
  };
}
