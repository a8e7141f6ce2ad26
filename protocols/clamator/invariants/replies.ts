import type { Invariant, RunFacts } from '../../common/invariant.ts';
import { eventInvariant } from '../../common/judging.ts';
import { show } from '../../common/show.ts';
import { isPlainObject, sameValue } from '../../common/value.ts';
import { methodOf } from '../envelope.ts';
import { type Asked, startLedger } from '../ledger.ts';
import type { ClamatorMessage, Entry } from '../message.ts';
import { startSaidAgain } from './said-again.ts';
import { settingOf } from './setting.ts';

/** An entry that a server was given to handle, once or more often. */
interface Given {
  readonly n: number;
  readonly stream: string;
  readonly entry: Entry;
  /** How often it was given to this server, and how often this server has written a reply to it. */
  times: number;
  replies: number;
  /** The last reply that it wrote. */
  reply: number | undefined;
  acks: number;
}

/**
 * What a server writes: a reply for each request, once for each time that it was given it, to the stream that is named there and with its
 * id; then, and not before, its acknowledgement. Notifications are not answered.
 */
export const replies: Invariant<ClamatorMessage> = eventInvariant(
  'clamator/replies',
  [
    ...['CLAMATOR-KEY-02', 'CLAMATOR-REPLY-01', 'CLAMATOR-REPLY-02', 'CLAMATOR-REPLY-03', 'CLAMATOR-REPLY-04', 'CLAMATOR-REPLY-05'],
    ...[
      'CLAMATOR-REPLY-06',
      'CLAMATOR-REQ-08',
      'CLAMATOR-REQ-12',
      'CLAMATOR-GROUP-06',
      'CLAMATOR-NOTIF-03',
      'CLAMATOR-ERR-10',
      'CLAMATOR-ERR-12',
    ],
  ],
  (facts, check) => {
    const ledger = startLedger();
    const saidAgain = startSaidAgain();
    /** By server, stream and id of the entry. */
    const given = new Map<string, Given>();
    const keyOf = (server: string, stream: string | undefined, id: string | undefined): string => `${server} ${stream} ${id}`;

    function judgeReply({ n, by, command }: Asked): void {
      const { key = '', entry, id, maxlen } = command;
      if (entry === undefined) return;
      const at = [n];
      const { replyMaxlen } = settingOf(facts, by).timers;
      const fields = entry.fields.map(([name]) => name);
      const isForm = id === '*' && fields.join(' ') === 'type envelope' && entry.fields[0]?.[1] === 'rpc';
      check(
        isForm,
        'CLAMATOR-REPLY-01',
        'server',
        () => `a reply with the id ${show(id)} and the fields ${fields.join(', ')}; it has * and type (rpc), envelope`,
        at,
      );
      const rule = replyMaxlen === 1024 ? 'CLAMATOR-REPLY-01' : 'CLAMATOR-REPLY-02';
      check(maxlen === `~ ${replyMaxlen}`, rule, 'server', () => `a reply that trims ${maxlen ?? 'nothing'}; it is ~ ${replyMaxlen}`, at);
      const envelope = entry.envelope;
      if (envelope === undefined) return;
      check(envelope.unread === undefined, 'CLAMATOR-REPLY-06', 'server', () => `an envelope that is ${envelope.unread}`, at);
      const { value } = envelope;
      if (!isPlainObject(value)) {
        // Which request it answers it does not say; it is a reply all the same.
        const open = [...given].find(([name, each]) => name.startsWith(`${by.name} `) && isOpen(each, key));
        if (open !== undefined) open[1].replies += 1;
        return;
      }
      judgeEnvelope(value, n);
      // Which request it answers: the newest of this server with that id that wants its reply there.
      const candidates = [...given].filter(([name, each]) => name.startsWith(`${by.name} `) && isAnswered(each, value['id']));
      const [, request] =
        candidates.findLast(([, each]) => each.entry.replyTo === key && each.replies < each.times) ?? candidates.at(-1) ?? [];
      judgeCode(value, request, n);
      if (request === undefined) {
        const notification = [...given].find(([name, each]) => name.startsWith(`${by.name} `) && isOpenNotification(each, key));
        if (notification !== undefined) {
          check(false, 'CLAMATOR-NOTIF-03', 'server', () => `the reply ${show(value)} to a notification`, [n, notification[1].n]);
        } else if (value['id'] !== null) {
          check(
            false,
            'CLAMATOR-REQ-08',
            'server',
            () => `a reply with the id ${show(value['id'])}, which no request had that it was given`,
            at,
          );
        }
        return;
      }
      check(true, 'CLAMATOR-REQ-08', 'server');
      const where = request.entry.replyTo;
      if (where === undefined) {
        check(false, 'CLAMATOR-REQ-12', 'server', () => `a reply in ${key} to a request without reply-to`, [n, request.n]);
        return;
      }
      check(where === key, 'CLAMATOR-KEY-02', 'server', () => `a reply in ${key}; it was wanted in ${where}`, [n, request.n]);
      request.replies += 1;
      request.reply = n;
      const once = request.replies <= request.times;
      check(once, 'CLAMATOR-REPLY-01', 'server', () => `reply ${request.replies} to a request that it was given ${request.times} times`, [
        n,
        request.n,
      ]);
      check(request.acks < request.times, 'CLAMATOR-REPLY-05', 'server', () => 'a reply after the entry was acknowledged', [n, request.n]);
    }

    /** The codes of JSON-RPC keep their meaning; for an entry that is no request, where it is answered at all, there are two. */
    function judgeCode(value: Record<string, unknown>, request: Given | undefined, n: number): void {
      const error = value['error'];
      const code = isPlainObject(error) ? error['code'] : undefined;
      if (typeof code !== 'number') return;
      const at = request === undefined ? [n] : [n, request.n];
      check(
        !isReserved(code) && (request === undefined || mayMean(code, request)),
        'CLAMATOR-ERR-12',
        'server',
        () => `the code ${code} for ${show(request?.entry.envelope?.value)}, which it does not mean`,
        at,
      );
      if (request === undefined ? value['id'] !== null : isUsable(request)) return;
      check(
        code === -32600 || code === -32700 || (code === -32601 && request !== undefined),
        'CLAMATOR-ERR-10',
        'server',
        () => `the code ${code} for an entry that is no request; it is -32600, or -32700 where it is no JSON`,
        at,
      );
    }

    function judgeEnvelope(value: Record<string, unknown>, n: number): void {
      const names = Object.keys(value).toSorted().join(' ');
      if (Object.hasOwn(value, 'error')) {
        const error = value['error'];
        const isError =
          isPlainObject(error) &&
          Number.isInteger(error['code']) &&
          typeof error['message'] === 'string' &&
          Object.keys(error).toSorted().join(' ') === 'code data message';
        const isSo = value['jsonrpc'] === '2.0' && names === 'error id jsonrpc' && isError;
        check(
          isSo,
          'CLAMATOR-REPLY-04',
          'server',
          () => `the error envelope ${show(value)}; it has jsonrpc, id and error with code, message and data`,
          [n],
        );
        return;
      }
      const isSo = value['jsonrpc'] === '2.0' && names === 'id jsonrpc result';
      check(isSo, 'CLAMATOR-REPLY-03', 'server', () => `the envelope ${show(value)}; it has jsonrpc, id and result`, [n]);
    }

    function judgeAck({ n, by, command }: Asked): void {
      for (const id of command.ids ?? []) {
        const request = given.get(keyOf(by.name, command.key, id));
        if (request === undefined) {
          check(false, 'CLAMATOR-GROUP-06', 'server', () => `it acknowledges ${id}, which it was not given`, [n]);
          continue;
        }
        request.acks += 1;
        check(
          request.acks <= request.times,
          'CLAMATOR-GROUP-06',
          'server',
          () => `it acknowledges ${id} ${request.acks} times; it was given it ${request.times} times`,
          [n, request.n],
        );
        if (!wantsReply(facts, request.entry)) {
          const { replies: written } = request;
          const isNotified = request.entry.envelope?.kind === 'notification';
          if (isNotified) check(written === 0, 'CLAMATOR-NOTIF-03', 'server', () => 'a reply to a notification', [n, request.n]);
          else if (request.entry.replyTo === undefined)
            check(written === 0, 'CLAMATOR-REQ-12', 'server', () => 'a reply that nobody wants', [n, request.n]);
          continue;
        }
        check(request.replies >= request.acks, 'CLAMATOR-REPLY-05', 'server', () => `it acknowledges ${id} before it has replied`, [
          n,
          request.n,
        ]);
      }
    }

    return {
      observe(event) {
        const happening = ledger.observe(event);
        const isSaidAgain = saidAgain.observe(event, happening);
        if (happening === undefined || happening.asked.by.role !== 'server') return;
        const { asked } = happening;
        const { by, command } = asked;
        if (happening.kind === 'heard' && (command.name === 'XREADGROUP' || command.name === 'XAUTOCLAIM')) {
          for (const entry of happening.answer.entries ?? []) {
            const key = keyOf(by.name, command.key, entry.id);
            const known = given.get(key);
            // One that is pending and deleted has no fields (CLAMATOR-RECLAIM-09).
            if (known === undefined)
              given.set(key, { n: happening.n, stream: command.key ?? '', entry, times: 1, replies: 0, reply: undefined, acks: 0 });
            else known.times += 1;
          }
        }
        if (happening.kind !== 'asked' || isSaidAgain) return;
        if (command.name === 'XADD') judgeReply(asked);
        if (command.name === 'XACK') judgeAck(asked);
      },
    };
  },
);

/**
 * Whether a reply with that id answers an entry. Ids that not every server takes count, too (CLAMATOR-REQ-09), and whole numbers beyond
 * those that JSON keeps exactly: what is read of both is the same.
 */
function isAnswered({ entry }: Given, id: unknown): boolean {
  const asked = isPlainObject(entry.envelope?.value) ? entry.envelope.value['id'] : undefined;
  return asked !== undefined && asked !== null && sameValue(asked, id);
}

/** Whether an entry is a request that is to be replied to in that stream, and was not, for one of the times that it was given. */
function isOpen({ entry, replies, times, acks }: Given, key: string): boolean {
  return entry.replyTo === key && replies < times && acks < times;
}

function isUsable({ entry }: Given): boolean {
  return entry.envelope?.kind === 'request';
}

/** Codes that JSON-RPC keeps for itself: those that it gives a meaning are five, and -32000 to -32099 are for applications. */
function isReserved(code: number): boolean {
  return code >= -32768 && code < -32099 && ![-32700, -32600, -32601, -32602, -32603].includes(code);
}

/** Whether a code may be the answer to that entry: what is read as a request is no broken JSON, and an invalid one only to another service. */
function mayMean(code: number, { entry, stream }: Given): boolean {
  if (entry.envelope?.kind !== 'request') return true;
  if (code === -32700) return false;
  const method = isPlainObject(entry.envelope.value) ? methodOf(entry.envelope.value['method']) : undefined;
  return code !== -32600 || !stream.endsWith(`:cmds:${method?.service}`);
}

/** Whether an entry is a notification that is not acknowledged yet, and names that stream although nobody is to reply. */
function isOpenNotification({ entry, acks, times }: Given, key: string): boolean {
  return entry.envelope?.kind === 'notification' && entry.replyTo === key && acks < times;
}

/** Whether an entry is a request that every server answers: its form is right, it names a stream, and its method is none that nobody answers. */
function wantsReply({ procedureKinds }: RunFacts, { envelope, replyTo }: Entry): boolean {
  if (envelope?.kind !== 'request' || replyTo === undefined || !isPlainObject(envelope.value)) return false;
  const { method } = envelope.value;
  return methodOf(method) !== undefined && procedureKinds[String(method)] !== 'notification';
}
