import type { TraceEvent } from '../../common/trace.ts';
import type { Happening } from '../ledger.ts';
import type { ClamatorMessage } from '../message.ts';

/** Tells commands that are said again because nobody knows what became of them from those that are said twice. */
export interface SaidAgain {
  /** What happened next, with its event; whether it is a server's XADD or XACK of which the last connection ended before it was answered. */
  observe(event: TraceEvent<ClamatorMessage>, happening: Happening | undefined): boolean;
}

/** What may be said again: what a server adds and acknowledges. */
const REPEATABLE: ReadonlySet<string> = new Set(['XADD', 'XACK']);

/**
 * Watches from the start of a trace on. Nothing forbids a server to say a reply or an acknowledgement again whose connection was lost
 * before its answer; a client is forbidden it for calls (CLAMATOR-TIMEOUT-05).
 */
export function startSaidAgain(): SaidAgain {
  /** Connections on which a command was said and not answered, by who said it and its words. */
  const open = new Map<string, number>();
  const ended = new Set<number>();
  return {
    observe(event, happening) {
      if (event.type === 'closed') ended.add(event.connection);
      if (happening?.kind !== 'asked' && happening?.kind !== 'heard') return false;
      const { by, command, connection } = happening.asked;
      if (by.role !== 'server' || !REPEATABLE.has(command.name)) return false;
      const words = JSON.stringify([by.name, command.name, command.args]);
      const before = open.get(words);
      if (happening.kind === 'asked') open.set(words, connection);
      else if (before === connection) open.delete(words);
      return happening.kind === 'asked' && before !== undefined && before !== connection && ended.has(before);
    },
  };
}
