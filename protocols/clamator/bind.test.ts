import { describe, expect, it } from 'vitest';
import { array, bulk, simple } from '../carriers/resp/value.ts';
import type { CallFacts } from '../common/normalise.ts';
import type { TraceEvent } from '../common/trace.ts';
import { bindCalls } from './bind.ts';
import { matchWire } from './match.ts';
import type { ClamatorMessage } from './message.ts';
import { Conversation, entries } from './testing/conversation.ts';

const CALL: CallFacts = { role: 'client', instance: 'main', call: 'sum', kind: 'method', procedure: 'calc.add', value: { a: 1, b: 2 } };
const request = (id: string) => JSON.stringify({ jsonrpc: '2.0', method: 'calc.add', params: { a: 1, b: 2 }, id });
const FIELDS = (id: string): readonly string[] => ['type', 'rpc', 'envelope', request(id), 'reply-to', 'p:replies:C1'];
const ADD = (id: string): readonly string[] => ['XADD', 'p:cmds:calc', '*', ...FIELDS(id)];
const READ = ['XREADGROUP', 'GROUP', 'calc', 'calc:S1', 'COUNT', '10', 'STREAMS', 'p:cmds:calc', '>'];
const REPLY = [
  'XADD',
  'p:replies:C1',
  'MAXLEN',
  '~',
  '1024',
  '*',
  'type',
  'rpc',
  'envelope',
  '{"jsonrpc":"2.0","id":"7","result":{"sum":3}}',
];
const QUEUED = simple('QUEUED');

const INVOKED = (n: number): TraceEvent<ClamatorMessage> => ({
  ...{ type: 'application', n, t: 0, role: 'client', instance: 'main' },
  event: { kind: 'invoke', call: 'sum', procedure: 'calc.add' },
});

/** A call in a transaction of which the answer to EXEC is not there yet. */
function begun() {
  const talk = new Conversation();
  const [client, server] = [talk.dial('client'), talk.dial('server')];
  talk.events.push(INVOKED(talk.events.length));
  talk.ask(server, ...READ);
  talk
    .ask(client, 'MULTI')
    .ask(client, ...ADD('7'))
    .ask(client, 'EXEC');
  talk.answer(client, simple('OK')).answer(client, QUEUED);
  return { talk, client, server };
}

describe('where a call is that was said in a transaction', () => {
  it('is known once its entry was read, though the answer to EXEC is seen after its reply', () => {
    const { talk, client, server } = begun();
    expect(bindCalls(talk.events, [CALL]).get('sum')).toBeUndefined();
    talk.answer(server, entries('p:cmds:calc', ['1-1', FIELDS('7')]));
    expect(bindCalls(talk.events, [CALL]).get('sum')).toBe('id:"7"');
    talk.ask(server, ...REPLY);
    const reply = talk.events.findLast((event) => event.type === 'sent');
    const context = { streamOf: (name: string) => bindCalls(talk.events, [CALL]).get(name) };
    expect(reply?.type === 'sent' && matchWire({ from: 'server', kind: 'XADD', call: 'sum' }, reply, context)).toBeUndefined();
    talk.answer(client, array([bulk('1-1')]));
    expect(bindCalls(talk.events, [CALL])).toEqual(new Map([['sum', 'id:"7"']]));
  });

  it('is unknown while only another request was read', () => {
    const { talk, server } = begun();
    talk.answer(server, entries('p:cmds:calc', ['1-1', FIELDS('8')]));
    talk.ask(server, ...READ).answer(server, entries('p:cmds:log', ['1-2', FIELDS('7')]));
    expect(bindCalls(talk.events, [CALL]).size).toBe(0);
  });

  it('is where it was said again where the first transaction was discarded', () => {
    const talk = new Conversation();
    const [client, server] = [talk.dial('client'), talk.dial('server')];
    talk.events.push(INVOKED(talk.events.length));
    talk
      .ask(client, 'MULTI')
      .ask(client, ...ADD('7'))
      .ask(client, 'DISCARD');
    talk.answer(client, simple('OK')).answer(client, QUEUED).answer(client, simple('OK'));
    talk
      .ask(client, 'MULTI')
      .ask(client, ...ADD('9'))
      .ask(client, 'EXEC');
    talk.ask(server, ...READ).answer(server, entries('p:cmds:calc', ['1-1', FIELDS('9')]));
    expect(bindCalls(talk.events, [CALL]).get('sum')).toBe('id:"9"');
  });
});
