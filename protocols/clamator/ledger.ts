import { Pairing } from '../carriers/resp/pairing.ts';
import type { RespValue } from '../carriers/resp/value.ts';
import type { Role } from '../common/frame.ts';
import { instanceName } from '../common/instance.ts';
import type { Past } from '../common/invariant.ts';
import { forgetConnections } from '../common/judging.ts';
import type { DeliveredEvent, SentEvent, TraceEvent } from '../common/trace.ts';
import { answerOf } from './decode.ts';
import type { Asked, Dialler, Happening } from './happening.ts';
import { Held } from './held.ts';
import type { AnswerMessage, ClamatorMessage } from './message.ts';

/** Reads a trace, event by event, and tells commands as they are carried out, and which command each answer is of. */
export interface Ledger {
  /** What an event means, in order: of one that ends a transaction, all that is in it. */
  observe(event: TraceEvent<ClamatorMessage>): readonly Happening[];
  /** What was said in transactions and behind them, of which it is not known yet whether it is carried out. */
  held(): readonly Asked[];
  /** Lets go of connections that are over, and of what was said on others before that event. */
  forget(past: Past): void;
}

interface Line {
  readonly by: Dialler;
  readonly pairing: Pairing<Asked>;
  readonly held: Held;
  /** By the event that sent it. */
  readonly sent: Map<number, Asked>;
  readonly answers: Map<number, Answers>;
}

/** What one answer answers. */
interface Answers {
  readonly to: readonly Asked[];
  /** They are the commands of a transaction. */
  readonly isOfExec: boolean;
}

const NONE: readonly Happening[] = [];

/** Starts with no connections. */
export function startLedger(): Ledger {
  const lines = new Map<number, Line>();

  function fromEnd(line: Line, event: SentEvent<ClamatorMessage>): readonly Happening[] {
    if (event.decoded?.ok !== true || event.decoded.message.type !== 'command') return NONE;
    const asked: Asked = { n: event.n, t: event.t, connection: event.connection, by: line.by, command: event.decoded.message };
    line.sent.set(event.n, asked);
    return line.held.asked(asked);
  }

  function toBroker(line: Line, event: DeliveredEvent<ClamatorMessage>): readonly Happening[] {
    if (event.decoded?.ok !== true || event.decoded.message.type !== 'command') return NONE;
    const known = event.of === undefined || event.altered ? undefined : line.sent.get(event.of);
    const asked: Asked = known ?? {
      ...{ n: event.n, t: event.t, connection: event.connection, by: line.by },
      command: event.decoded.message,
    };
    line.pairing.asked(asked.command.command, asked);
    return line.held.taken(asked, event.n);
  }

  function fromBroker(line: Line, event: SentEvent<ClamatorMessage>): readonly Happening[] {
    if (event.decoded?.ok !== true || event.decoded.message.type !== 'answer') return NONE;
    const answer = event.decoded.message;
    const { to, ...within } = line.pairing.answered(answer.reply);
    if (to === undefined) return NONE;
    const happenings = line.held.answered({ kind: 'answered', asked: to, answer, n: event.n }, within);
    const answered = happenings.filter(({ kind }) => kind === 'answered').map(({ asked }) => asked);
    if (answered.length > 0) line.answers.set(event.n, { to: answered, isOfExec: within.executed !== undefined });
    return happenings;
  }

  function toEnd(line: Line, event: DeliveredEvent<ClamatorMessage>): readonly Happening[] {
    const known = event.of === undefined ? undefined : line.answers.get(event.of);
    if (known === undefined || event.decoded?.ok !== true || event.decoded.message.type !== 'answer') return NONE;
    const { message } = event.decoded;
    const { to, isOfExec } = known;
    const items = isOfExec ? itemsOf(message) : undefined;
    // What was put in its place is told of each.
    const answerAt = (i: number): AnswerMessage => {
      const item = items?.length === to.length ? items[i] : undefined;
      return item === undefined ? message : answerOf(item);
    };
    return to.map((asked, i) => ({ kind: 'heard', asked, answer: answerAt(i), n: event.n }));
  }

  return {
    observe(event) {
      switch (event.type) {
        case 'opened': {
          const { role, instance } = event.dialler ?? { role: 'client' as Role, instance: 'main' };
          const by = { role, instance, name: instanceName({ role, instance }) };
          lines.set(event.connection, { by, pairing: new Pairing(), held: new Held(), sent: new Map(), answers: new Map() });
          return NONE;
        }
        case 'sent': {
          const line = lines.get(event.connection);
          if (line === undefined || event.frame.class !== 'data') return NONE;
          return event.from === 'broker' ? fromBroker(line, event) : fromEnd(line, event);
        }
        case 'delivered': {
          const line = lines.get(event.connection);
          if (line === undefined || event.frame.class !== 'data') return NONE;
          return event.to === 'broker' ? toBroker(line, event) : toEnd(line, event);
        }
        case 'closed':
          return lines.get(event.connection)?.held.closed() ?? NONE;
        default:
          return NONE;
      }
    },
    held: () => [...lines.values()].flatMap(({ held }) => held.open),
    forget(past) {
      forgetConnections(lines, past);
      for (const { sent, answers } of lines.values()) {
        for (const known of [sent, answers]) for (const n of known.keys()) if (n < past.before) known.delete(n);
      }
    },
  };
}

function itemsOf({ reply }: AnswerMessage): readonly RespValue[] | undefined {
  const value = reply.type === 'attributed' ? reply.value : reply;
  return value.type === 'array' ? value.items : undefined;
}
