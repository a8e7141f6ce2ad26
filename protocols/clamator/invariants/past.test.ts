import { expect, test } from 'vitest';
import { bulk, integer } from '../../carriers/resp/value.ts';
import { clamator } from '../protocol.ts';
import { Conversation, entries, FACTS } from '../testing/conversation.ts';

const STREAM = 'p:cmds:calc';
const REPLIES = 'p:replies:C1';
const READ = ['XREADGROUP', 'GROUP', 'calc', 'calc:S1', 'COUNT', '16', 'BLOCK', '1000', 'STREAMS', STREAM, '>'];
const fields = (id: number): readonly string[] => [
  ...['type', 'rpc', 'envelope', `{"jsonrpc":"2.0","method":"calc.add","params":{"a":1,"b":2},"id":"${id}"}`, 'reply-to', REPLIES],
];
const reply = (id: number): readonly string[] => [
  ...['XADD', REPLIES, 'MAXLEN', '~', '1024', '*', 'type', 'rpc', 'envelope', `{"jsonrpc":"2.0","id":"${id}","result":{"sum":3}}`],
];

/** Rules over a conversation that goes on; `forget` lets go of all that was said so far. */
function listening(talk: Conversation) {
  const broken: string[] = [];
  const automaton = clamator.startInvariants(FACTS, () => ({
    holds: () => undefined,
    violates: ({ requirement }) => void broken.push(requirement),
  }));
  let heard = 0;
  const hear = (): string[] => {
    for (const event of talk.events.slice(heard)) automaton.observe(event);
    heard = talk.events.length;
    return broken.splice(0);
  };
  const forget = (): void => automaton.forget?.({ before: heard, isOver: () => false });
  return { hear, forget };
}

/** A server is given a request, and answers it. */
function serve(talk: Conversation, server: number, id: number): void {
  talk.ask(server, ...READ).answer(server, entries(STREAM, [`${id}-0`, fields(id)]));
  talk.ask(server, ...reply(id)).answer(server, bulk(`9${id}-0`));
}

test('nobody is blamed for an acknowledgement of what was let go of, but for one of what was never given', () => {
  const talk = new Conversation();
  const server = talk.dial('server');
  talk.ask(server, 'XGROUP', 'CREATE', STREAM, 'calc', '$', 'MKSTREAM').answer(server, bulk('OK'));
  for (const id of [5, 6]) serve(talk, server, id);
  const { hear, forget } = listening(talk);
  talk.ask(server, 'XACK', STREAM, 'calc', '5-0').answer(server, integer(1));
  expect(hear()).toEqual([]);
  forget();
  talk.ask(server, 'XACK', STREAM, 'calc', '5-0').answer(server, integer(0));
  expect(hear()).toEqual([]);
  talk.ask(server, 'XACK', STREAM, 'calc', '7-0').answer(server, integer(0));
  expect(hear()).toEqual(['CLAMATOR-GROUP-06']);
});

test('what is pending is not let go of: its acknowledgement is judged however late it comes', () => {
  const talk = new Conversation();
  const server = talk.dial('server');
  talk.ask(server, 'XGROUP', 'CREATE', STREAM, 'calc', '$', 'MKSTREAM').answer(server, bulk('OK'));
  talk.ask(server, ...READ).answer(server, entries(STREAM, ['5-0', fields(5)]));
  const { hear, forget } = listening(talk);
  hear();
  forget();
  talk.ask(server, 'XACK', STREAM, 'calc', '5-0').answer(server, integer(1));
  expect(hear()).toEqual(['CLAMATOR-REPLY-05']);
});

test('a client may read on behind what was let go of', () => {
  const talk = new Conversation();
  const reader = talk.dial('client');
  talk.ask(reader, 'XREAD', 'BLOCK', '1000', 'STREAMS', REPLIES, '0');
  talk.answer(reader, entries(REPLIES, ['3-0', ['type', 'rpc', 'envelope', '{}']]));
  const { hear, forget } = listening(talk);
  hear();
  forget();
  talk.ask(reader, 'XREAD', 'BLOCK', '1000', 'STREAMS', REPLIES, '3-0');
  expect(hear()).toEqual([]);
  talk.answer(reader, entries(REPLIES, ['4-0', ['type', 'rpc', 'envelope', '{}']]));
  talk.ask(reader, 'XREAD', 'BLOCK', '1000', 'STREAMS', REPLIES, '3-0');
  expect(hear()).toEqual(['CLAMATOR-REPLY-07']);
});
