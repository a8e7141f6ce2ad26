import { show } from '../../common/show.ts';
import { isPlainObject } from '../../common/value.ts';
import { methodOf } from '../envelope.ts';
import type { Asked } from '../happening.ts';
import { ledgerInvariant } from './ledger-invariant.ts';
import { settingOf, UUID } from './setting.ts';

const REQUEST = ['type', 'envelope', 'reply-to'];
const NOTIFICATION = ['type', 'envelope'];

/** What a client adds to a stream: the key, the fields and the envelope are exactly so, and each call is added once. */
export const requests = ledgerInvariant(
  'clamator/requests',
  [
    ...['CLAMATOR-KEY-01', 'CLAMATOR-KEY-02', 'CLAMATOR-KEY-06', 'CLAMATOR-REQ-01', 'CLAMATOR-REQ-02', 'CLAMATOR-REQ-03'],
    ...['CLAMATOR-REQ-05', 'CLAMATOR-NOTIF-01', 'CLAMATOR-TIMEOUT-02', 'CLAMATOR-TIMEOUT-05', 'CLAMATOR-LIFE-07'],
  ],
  (facts, check) => {
    /** Ids of calls that were added, by client. */
    const ids = new Map<string, number>();

    function judgeRequest({ n, by, command }: Asked): void {
      const { entry, key = '', id, maxlen } = command;
      if (entry === undefined) return;
      const { prefix, id: own, isOwnId } = settingOf(facts, by);
      const at = [n];
      const value = entry.envelope?.value;
      const names = isPlainObject(value) ? methodOf(value['method']) : undefined;
      const wantsReply = entry.replyTo !== undefined;
      const form = wantsReply ? 'CLAMATOR-REQ-01' : 'CLAMATOR-NOTIF-01';
      const fields = entry.fields.map(([name]) => name);
      const wanted = wantsReply ? REQUEST : NOTIFICATION;
      const isExact = fields.length === wanted.length && wanted.every((name, i) => fields[i] === name);
      check(isExact, form, 'client', () => `an entry with the fields ${fields.join(', ')}; it has ${wanted.join(', ')}`, at);
      check(isExact, 'CLAMATOR-TIMEOUT-02', 'client', () => `an entry with the fields ${fields.join(', ')}: more than its call`, at);
      const type = entry.fields.find(([name]) => name === 'type')?.[1];
      check(type === 'rpc', form, 'client', () => `an entry of type ${show(type)}; it is rpc`, at);
      check(
        id === '*' && maxlen === undefined,
        form,
        'client',
        () => `XADD asks for the id ${show(id)} and trims ${show(maxlen)}; a call has * and trims nothing`,
        at,
      );
      const members = isPlainObject(value) ? Object.keys(value) : [];
      const wantedMembers = wantsReply ? ['jsonrpc', 'method', 'params', 'id'] : ['jsonrpc', 'method', 'params'];
      const isEnvelope =
        isPlainObject(value) &&
        value['jsonrpc'] === '2.0' &&
        isPlainObject(value['params']) &&
        members.length === wantedMembers.length &&
        wantedMembers.every((name) => members.includes(name));
      const rule = wantsReply ? 'CLAMATOR-REQ-02' : 'CLAMATOR-NOTIF-01';
      check(
        isEnvelope,
        rule,
        'client',
        () => `the envelope ${entry.envelope?.unread ?? show(value)}; it has ${wantedMembers.join(', ')}, with params an object`,
        at,
      );
      const further = [...fields.filter((name) => !wanted.includes(name)), ...members.filter((name) => !wantedMembers.includes(name))];
      check(further.length === 0, 'CLAMATOR-LIFE-07', 'client', () => `a request that also says ${further.join(', ')}`, at);
      if (names === undefined) {
        if (isPlainObject(value))
          check(false, 'CLAMATOR-REQ-03', 'client', () => `the method ${show(value['method'])}; it is <service>.<method>`, at);
        return;
      }
      check(
        key.endsWith(`:cmds:${names.service}`),
        'CLAMATOR-REQ-03',
        'client',
        () => `a method of ${names.service} in the stream ${key}`,
        at,
      );
      if (prefix !== undefined) {
        const stream = `${prefix}:cmds:${names.service}`;
        check(key === stream, 'CLAMATOR-KEY-01', 'client', () => `a request in the stream ${key}; it is ${stream}`, at);
        if (entry.replyTo !== undefined) {
          const start = `${prefix}:replies:`;
          const { replyTo } = entry;
          const isOwn = own === undefined ? replyTo.startsWith(start) : replyTo === `${start}${own}`;
          check(
            isOwn,
            'CLAMATOR-KEY-02',
            'client',
            () => `replies are wanted in ${replyTo}; they go to ${start}${own ?? '<instance>'}`,
            at,
          );
          if (isOwnId)
            check(
              UUID.test(replyTo.slice(start.length)),
              'CLAMATOR-KEY-06',
              'client',
              () => `an id of its own that is no UUID: ${replyTo}`,
              at,
            );
        }
      }
      if (!wantsReply || !isPlainObject(value)) return;
      const call = `${by.name} ${show(value['id'])}`;
      const before = ids.get(call);
      ids.set(call, n);
      const isNew = before === undefined;
      check(isNew, 'CLAMATOR-REQ-05', 'client', () => `the id ${show(value['id'])} a second time`, [n, before]);
      check(isNew, 'CLAMATOR-TIMEOUT-05', 'client', () => `the call ${show(value['id'])} was added a second time`, [n, before]);
    }

    return {
      judge: ({ kind, asked }) => {
        if (kind === 'asked' && asked.by.role === 'client' && asked.command.name === 'XADD') judgeRequest(asked);
      },
      forget: ({ before }) => {
        for (const [call, n] of ids) if (n < before) ids.delete(call);
      },
    };
  },
);
