import { Pairing } from '../carriers/resp/pairing.ts';
import type { Role } from '../common/frame.ts';
import { type Instance, instanceName } from '../common/instance.ts';
import type { DeliveredEvent, SentEvent, TraceEvent } from '../common/trace.ts';
import type { AnswerMessage, ClamatorMessage, CommandMessage } from './message.ts';

/** Who dialled a connection. */
export interface Dialler extends Instance {
  /** As cases call it. */
  readonly name: string;
}

/** A command that an end sent: whether the broker took it, and what it answered, is told later. */
export interface Asked {
  readonly n: number;
  readonly t: number;
  readonly connection: number;
  readonly by: Dialler;
  readonly command: CommandMessage;
}

/** What an event of a trace means between an end and the broker. */
export type Happening =
  /** An end sent a command. */
  | { readonly kind: 'asked'; readonly asked: Asked }
  /** The broker got one. */
  | { readonly kind: 'taken'; readonly asked: Asked; readonly n: number }
  /** The broker answered one; whether that reached the end is told later. */
  | { readonly kind: 'answered'; readonly asked: Asked; readonly answer: AnswerMessage; readonly n: number }
  /** The end got the answer. */
  | { readonly kind: 'heard'; readonly asked: Asked; readonly answer: AnswerMessage; readonly n: number };

/** Reads a trace, event by event, and tells which command each answer is of. */
export interface Ledger {
  observe(event: TraceEvent<ClamatorMessage>): Happening | undefined;
  /** Who dialled that connection; undefined for one that was there before the trace. */
  dialler(connection: number): Dialler | undefined;
  /** Lets go of a connection that is over. */
  forget(connection: number): void;
}

interface Line {
  readonly by: Dialler;
  readonly pairing: Pairing<Asked>;
  /** By the event that sent it. */
  readonly sent: Map<number, Asked>;
  readonly answers: Map<number, Asked>;
}

/** Starts with no connections. */
export function startLedger(): Ledger {
  const lines = new Map<number, Line>();

  function fromEnd(line: Line, event: SentEvent<ClamatorMessage>): Happening | undefined {
    if (event.decoded?.ok !== true || event.decoded.message.type !== 'command') return undefined;
    const asked: Asked = { n: event.n, t: event.t, connection: event.connection, by: line.by, command: event.decoded.message };
    line.sent.set(event.n, asked);
    return { kind: 'asked', asked };
  }

  function toBroker(line: Line, event: DeliveredEvent<ClamatorMessage>): Happening | undefined {
    if (event.decoded?.ok !== true || event.decoded.message.type !== 'command') return undefined;
    const known = event.of === undefined || event.altered ? undefined : line.sent.get(event.of);
    const asked: Asked = known ?? {
      ...{ n: event.n, t: event.t, connection: event.connection, by: line.by },
      command: event.decoded.message,
    };
    line.pairing.asked(asked.command.command, asked);
    return { kind: 'taken', asked, n: event.n };
  }

  return {
    observe(event) {
      switch (event.type) {
        case 'opened': {
          const { role, instance } = event.dialler ?? { role: 'client' as Role, instance: 'main' };
          const by = { role, instance, name: instanceName({ role, instance }) };
          lines.set(event.connection, { by, pairing: new Pairing(), sent: new Map(), answers: new Map() });
          return undefined;
        }
        case 'sent': {
          const line = lines.get(event.connection);
          if (line === undefined || event.frame.class !== 'data') return undefined;
          if (event.from !== 'broker') return fromEnd(line, event);
          if (event.decoded?.ok !== true || event.decoded.message.type !== 'answer') return undefined;
          const answer = event.decoded.message;
          const { to } = line.pairing.answered(answer.reply);
          if (to === undefined) return undefined;
          line.answers.set(event.n, to);
          return { kind: 'answered', asked: to, answer, n: event.n };
        }
        case 'delivered': {
          const line = lines.get(event.connection);
          if (line === undefined || event.frame.class !== 'data') return undefined;
          if (event.to === 'broker') return toBroker(line, event);
          const asked = event.of === undefined ? undefined : line.answers.get(event.of);
          if (asked === undefined || event.decoded?.ok !== true || event.decoded.message.type !== 'answer') return undefined;
          return { kind: 'heard', asked, answer: event.decoded.message, n: event.n };
        }
        default:
          return undefined;
      }
    },
    dialler: (connection) => lines.get(connection)?.by,
    forget: (connection) => void lines.delete(connection),
  };
}
