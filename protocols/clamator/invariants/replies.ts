import type { Past, RunFacts } from '../../common/invariant.ts';
import { show } from '../../common/show.ts';
import { isPlainObject } from '../../common/value.ts';
import { methodOf } from '../envelope.ts';
import type { Asked, Happening } from '../happening.ts';
import type { Entry } from '../message.ts';
import { startGiven } from './given.ts';
import { ledgerInvariant } from './ledger-invariant.ts';
import { startSaidAgain } from './said-again.ts';
import { settingOf } from './setting.ts';

/**
 * What a server writes: a reply for each request, once for each time that it was given it, to the stream that is named there and with its
 * id; then, and not before, its acknowledgement. Notifications are not answered.
 */
export const replies = ledgerInvariant(
  'clamator/replies',
  [
    ...['CLAMATOR-KEY-02', 'CLAMATOR-REPLY-01', 'CLAMATOR-REPLY-02', 'CLAMATOR-REPLY-03', 'CLAMATOR-REPLY-04', 'CLAMATOR-REPLY-05'],
    ...['CLAMATOR-REPLY-06', 'CLAMATOR-REQ-08', 'CLAMATOR-REQ-12', 'CLAMATOR-GROUP-06', 'CLAMATOR-NOTIF-03'],
  ],
  (facts, check) => {
    const saidAgain = startSaidAgain();
    const given = startGiven();

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
      const request = given.replied(by, key, value);
      if (!isPlainObject(value)) return;
      judgeEnvelope(value, n);
      if (request === undefined) {
        const notification = given.openNotification(by, key);
        if (notification !== undefined) {
          check(false, 'CLAMATOR-NOTIF-03', 'server', () => `the reply ${show(value)} to a notification`, [n, notification.n]);
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
      if (request.unsure) return;
      const once = request.replies <= request.times;
      check(once, 'CLAMATOR-REPLY-01', 'server', () => `reply ${request.replies} to a request that it was given ${request.times} times`, [
        n,
        request.n,
      ]);
      check(request.acks < request.times, 'CLAMATOR-REPLY-05', 'server', () => 'a reply after the entry was acknowledged', [n, request.n]);
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
        const request = given.acknowledged(by, command.key, id);
        if (request === undefined) {
          if (given.isForgotten(by, command.key, id)) continue;
          check(false, 'CLAMATOR-GROUP-06', 'server', () => `it acknowledges ${id}, which it was not given`, [n]);
          continue;
        }
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
        if (request.unsure) continue;
        check(request.replies >= request.acks, 'CLAMATOR-REPLY-05', 'server', () => `it acknowledges ${id} before it has replied`, [
          n,
          request.n,
        ]);
      }
    }

    function judge(happening: Happening): void {
      const { asked } = happening;
      const isSaidAgain = saidAgain.observe(happening);
      if (asked.by.role !== 'server') return;
      given.observe(happening);
      if (happening.kind !== 'asked') return;
      if (isSaidAgain) {
        given.saidAgain(asked.by, asked.command.key ?? '', asked.command.entry?.envelope?.value);
        return;
      }
      if (asked.command.name === 'XADD') judgeReply(asked);
      if (asked.command.name === 'XACK') judgeAck(asked);
    }

    const forget = (past: Past): void => {
      for (const each of [saidAgain, given]) each.forget(past);
    };
    return { judge, see: saidAgain.see, forget };
  },
);

/**
 * Whether an entry is a request that every server answers: its form is right, it names a stream, and its method is none that nobody answers.
 * Where nobody knows what methods there are, as between programs of others, none is known to be answered.
 */
function wantsReply({ procedureKinds }: RunFacts, { envelope, replyTo }: Entry): boolean {
  if (Object.keys(procedureKinds).length === 0) return false;
  if (envelope?.kind !== 'request' || replyTo === undefined || !isPlainObject(envelope.value)) return false;
  const { method } = envelope.value;
  return methodOf(method) !== undefined && procedureKinds[String(method)] !== 'notification';
}
