import { describe, expect, test } from 'vitest';
import { bulk, integer, simple } from '../../carriers/resp/value.ts';
import { Conversation, entries, FACTS, judged } from '../testing/conversation.ts';
import { clamatorInvariants } from './index.ts';

const CALL = '{"jsonrpc":"2.0","method":"calc.add","params":{"a":1,"b":2},"id":"x"}';
const REPLY = '{"jsonrpc":"2.0","id":"x","result":{"sum":3}}';
const STREAM = 'p:cmds:calc';
const REPLIES = 'p:replies:C1';

/** What a conversation does otherwise than it should: words of one command, or a command that is left out or said twice. */
interface Spoiled {
  readonly group?: readonly string[] | null;
  readonly read?: readonly string[];
  readonly add?: readonly string[];
  readonly given?: readonly string[];
  readonly reply?: readonly string[] | null;
  readonly ack?: readonly string[] | null;
  readonly ackFirst?: boolean;
  readonly twice?: 'add' | 'reply' | 'ack';
  readonly claim?: readonly string[];
  readonly replies?: readonly string[];
  readonly also?: readonly string[];
}

/** One call, from the group to the acknowledgement. */
function talked(spoiled: Spoiled = {}) {
  const talk = new Conversation();
  const [server, client, reader] = [talk.dial('server'), talk.dial('client'), talk.dial('client')];
  const {
    group = ['XGROUP', 'CREATE', STREAM, 'calc', '$', 'MKSTREAM'],
    read = ['XREADGROUP', 'GROUP', 'calc', 'calc:S1', 'COUNT', '16', 'BLOCK', '1000', 'STREAMS', STREAM, '>'],
    add = ['XADD', STREAM, '*', 'type', 'rpc', 'envelope', CALL, 'reply-to', REPLIES],
    given = add.slice(3),
    reply = ['XADD', REPLIES, 'MAXLEN', '~', '1024', '*', 'type', 'rpc', 'envelope', REPLY],
    ack = ['XACK', STREAM, 'calc', '1-1'],
    claim = ['XAUTOCLAIM', STREAM, 'calc', 'calc:S1', '60000', '0-0', 'COUNT', '32'],
    replies = ['XREAD', 'BLOCK', '1000', 'STREAMS', REPLIES, '0'],
  } = spoiled;
  if (group !== null) talk.ask(server, ...group).answer(server, simple('OK'));
  talk.ask(reader, ...replies);
  for (let i = 0; i < (spoiled.twice === 'add' ? 2 : 1); i += 1) talk.ask(client, ...add).answer(client, bulk('1-1'));
  talk.ask(server, ...read).answer(server, entries(STREAM, ['1-1', given]));
  const acknowledge = (): void => {
    if (ack !== null) talk.ask(server, ...ack).answer(server, integer(1));
  };
  if (spoiled.ackFirst) acknowledge();
  for (let i = 0; reply !== null && i < (spoiled.twice === 'reply' ? 2 : 1); i += 1) talk.ask(server, ...reply).answer(server, bulk('2-1'));
  if (!spoiled.ackFirst) acknowledge();
  if (spoiled.twice === 'ack') acknowledge();
  talk.ask(server, ...claim);
  if (spoiled.also !== undefined) talk.ask(server, ...spoiled.also);
  talk.answer(reader, entries(REPLIES, ['2-1', ['type', 'rpc', 'envelope', REPLY]]));
  talk.ask(reader, 'XREAD', 'BLOCK', '1000', 'STREAMS', REPLIES, '2-1');
  return talk.events;
}

function call(spoiled: Spoiled = {}, facts = FACTS) {
  return judged(talked(spoiled), facts);
}

test('a call as it should be breaks nothing, and all that it shows is examined', () => {
  const { broken, held } = call();
  expect(broken).toEqual([]);
  const able = new Set(clamatorInvariants.flatMap(({ requirements }) => requirements));
  const elsewhere = [
    'CLAMATOR-ERR-10',
    'CLAMATOR-ERR-12',
    'CLAMATOR-KEY-06',
    'CLAMATOR-NOTIF-01',
    'CLAMATOR-NOTIF-03',
    'CLAMATOR-REPLY-02',
    'CLAMATOR-REPLY-04',
    'CLAMATOR-REQ-12',
  ];
  expect(held).toEqual([...able].filter((id) => !elsewhere.includes(id)).toSorted());
});

test.each<[string, Spoiled]>([
  ['as it should be', {}],
  ['with a reply too many', { twice: 'reply' }],
  ['without its group', { group: null }],
])('one ledger for all invariants tells of a call %s what one for each does', (_of, spoiled) => {
  const events = talked(spoiled);
  const alone = judged(events, FACTS, (report) => clamatorInvariants.map((invariant) => invariant.start(FACTS, report)));
  expect(judged(events)).toEqual(alone);
});

const without = (words: readonly string[], at: number): readonly string[] => words.filter((_, i) => i !== at);
const ADD = ['XADD', STREAM, '*', 'type', 'rpc', 'envelope', CALL, 'reply-to', REPLIES];
const ANSWER = ['XADD', REPLIES, 'MAXLEN', '~', '1024', '*', 'type', 'rpc', 'envelope', REPLY];
const put = (words: readonly string[], at: number, word: string): readonly string[] => words.map((each, i) => (i === at ? word : each));
const READ = ['XREADGROUP', 'GROUP', 'calc', 'calc:S1', 'COUNT', '16', 'BLOCK', '1000', 'STREAMS', STREAM, '>'];
const CLAIM = ['XAUTOCLAIM', STREAM, 'calc', 'calc:S1', '60000', '0-0', 'COUNT', '32'];

describe('what breaks a rule is told by it', () => {
  test.each<[string, Spoiled, string[]]>([
    ['a request elsewhere', { add: put(ADD, 1, 'p:cmd:calc'), given: ADD.slice(3) }, ['KEY-01', 'KEY-07', 'REQ-03']],
    ['a request in another service’s stream', { add: put(ADD, 1, 'p:cmds:log'), given: ADD.slice(3) }, ['KEY-01', 'REQ-03']],
    [
      'fields in another order',
      { add: ['XADD', STREAM, '*', 'envelope', CALL, 'type', 'rpc', 'reply-to', REPLIES] },
      ['REQ-01', 'TIMEOUT-02'],
    ],
    ['a deadline beside them', { add: [...ADD, 'deadline', '5'] }, ['LIFE-07', 'REQ-01', 'TIMEOUT-02']],
    ['another type', { add: put(ADD, 4, 'call') }, ['REQ-01']],
    ['an id of its own for the entry', { add: put(ADD, 2, '9-9') }, ['REQ-01']],
    ['replies for somebody else', { add: put(ADD, 8, 'p:replies:C2') }, ['KEY-02']],
    ['params that are a list', { add: put(ADD, 6, CALL.replace('{"a":1,"b":2}', '[1,2]')) }, ['REQ-02']],
    ['no version', { add: put(ADD, 6, CALL.replace('"jsonrpc":"2.0",', '')) }, ['REQ-02']],
    ['a member too many', { add: put(ADD, 6, CALL.replace('"id"', '"more":1,"id"')) }, ['LIFE-07', 'REQ-02']],
    ['a method of two dots', { add: put(ADD, 6, CALL.replace('calc.add', 'calc.add.x')), reply: null }, ['REQ-03']],
    ['the same call a second time', { twice: 'add' }, ['REQ-05', 'TIMEOUT-05']],
    ['a group from the beginning on', { group: ['XGROUP', 'CREATE', STREAM, 'calc', '0', 'MKSTREAM'] }, ['GROUP-01']],
    ['a group without its stream', { group: ['XGROUP', 'CREATE', STREAM, 'calc', '$'] }, ['GROUP-01']],
    ['no group', { group: null }, ['GROUP-01']],
    ['a batch of another size', { read: put(READ, 5, '10') }, ['GROUP-05']],
    ['a read that waits for ever', { read: put(READ, 7, '0') }, ['GROUP-05']],
    ['a read of old entries', { read: put(READ, 10, '0') }, ['GROUP-05', 'RECLAIM-06']],
    ['a consumer of another name', { read: put(READ, 3, 'S1') }, ['KEY-04']],
    ['a group of another name', { read: put(put(READ, 2, 'workers'), 3, 'workers:S1') }, ['KEY-01', 'KEY-03']],
    ['a claim of another idle time', { claim: put(CLAIM, 4, '1000') }, ['RECLAIM-02']],
    ['a claim from the cursor on', { claim: put(CLAIM, 5, '5-0') }, ['RECLAIM-02']],
    ['no reply', { reply: null }, ['REPLY-05']],
    ['an acknowledgement before the reply', { ackFirst: true }, ['REPLY-05']],
    ['a second reply', { twice: 'reply' }, ['REPLY-01']],
    ['a second acknowledgement', { twice: 'ack' }, ['GROUP-06', 'REPLY-05']],
    ['an acknowledgement of what it was not given', { ack: ['XACK', STREAM, 'calc', '7-7'] }, ['GROUP-06']],
    ['a reply elsewhere', { reply: put(ANSWER, 1, 'p:replies:C9') }, ['KEY-02']],
    ['a reply that trims nothing', { reply: ['XADD', REPLIES, '*', 'type', 'rpc', 'envelope', REPLY] }, ['REPLY-01']],
    ['a reply that trims exactly', { reply: without(ANSWER, 3) }, ['REPLY-01']],
    ['a reply with a field too many', { reply: [...ANSWER, 'more', 'x'] }, ['REPLY-01']],
    ['a reply with another id', { reply: put(ANSWER, 9, REPLY.replace('"x"', '"y"')) }, ['REPLY-05', 'REQ-08']],
    [
      'a reply with a number where the id is a text',
      { add: put(ADD, 6, CALL.replace('"x"', '"1"')), reply: put(ANSWER, 9, REPLY.replace('"x"', '1')) },
      ['REPLY-05', 'REQ-08'],
    ],
    [
      'a result and an error',
      { reply: put(ANSWER, 9, '{"jsonrpc":"2.0","id":"x","result":1,"error":{"code":1,"message":"m","data":null}}') },
      ['REPLY-04'],
    ],
    ['an error without data', { reply: put(ANSWER, 9, '{"jsonrpc":"2.0","id":"x","error":{"code":1,"message":"m"}}') }, ['REPLY-04']],
    ['a result without a version', { reply: put(ANSWER, 9, '{"id":"x","result":1}') }, ['REPLY-03']],
    ['not a number', { reply: put(ANSWER, 9, '{"jsonrpc":"2.0","id":"x","result":{"sum":NaN}}') }, ['REPLY-06']],
    ['replies read from their end', { replies: ['XREAD', 'BLOCK', '1000', 'STREAMS', REPLIES, '$'] }, ['REPLY-07']],
    ['replies read without a bound', { replies: ['XREAD', 'BLOCK', '0', 'STREAMS', REPLIES, '0'] }, ['REPLY-07']],
    ['another key', { also: ['SET', 'p:lock', '1'] }, ['KEY-07']],
    ['an expiry', { also: ['EXPIRE', REPLIES, '60'] }, ['REPLY-12']],
  ])('%s', (_what, spoiled, requirements) => {
    expect(call(spoiled).broken).toEqual(requirements.map((id) => `CLAMATOR-${id}`).toSorted());
  });
});

test('where nobody knows which methods are answered, none need be; but a reply comes before its acknowledgement', () => {
  const unknown = { ...FACTS, procedureKinds: {} };
  expect(call({ reply: null }, unknown).broken).toEqual([]);
  expect(call({ ackFirst: true }, unknown).broken).toEqual(['CLAMATOR-REPLY-05']);
});

describe('ids that not every server takes may be answered', () => {
  test.each([
    ['a fraction', '1.5'],
    ['a whole number that doubles do not keep', '123456789012345678901234567890'],
    ['a boolean', 'true'],
  ])('%s', (_what, id) => {
    const asked = put(ADD, 6, CALL.replace('"x"', id));
    expect(call({ add: asked, reply: put(ANSWER, 9, REPLY.replace('"x"', id)) }).broken).toEqual([]);
    const other = call({ add: asked, reply: put(ANSWER, 9, REPLY.replace('"x"', '8')) }).broken;
    expect(other).toContain('CLAMATOR-REQ-08');
  });
});

describe('a server whose connection is lost may say again what was not answered', () => {
  const talkOf = (isLost: boolean, isAnswered: boolean) => {
    const talk = new Conversation();
    const [server, client] = [talk.dial('server'), talk.dial('client')];
    talk.ask(server, 'XGROUP', 'CREATE', STREAM, 'calc', '$', 'MKSTREAM').answer(server, simple('OK'));
    talk.ask(client, ...ADD).answer(client, bulk('1-1'));
    talk.ask(server, ...READ).answer(server, entries(STREAM, ['1-1', ADD.slice(3)]));
    talk.ask(server, ...ANSWER);
    if (isAnswered) talk.answer(server, bulk('2-1'));
    if (isLost) talk.reset(server);
    const next = talk.dial('server');
    talk.ask(next, ...ANSWER).answer(next, bulk('2-2'));
    talk.ask(next, 'XACK', STREAM, 'calc', '1-1');
    if (isLost && !isAnswered) talk.reset(next);
    const last = talk.dial('server');
    if (isLost && !isAnswered) talk.ask(last, 'XACK', STREAM, 'calc', '1-1');
    return judged(talk.events).broken;
  };
  test('a reply and an acknowledgement', () => expect(talkOf(true, false)).toEqual([]));
  test('not where it was answered', () => expect(talkOf(true, true)).toEqual(['CLAMATOR-REPLY-01']));
  test('not where the connection lives', () => expect(talkOf(false, false)).toEqual(['CLAMATOR-REPLY-01']));
});

describe('a read sent before its stream was taken away by another connection', () => {
  const talkOf = (remove: string, reads: readonly string[], same = false) => {
    const talk = new Conversation();
    const [client, reader] = [talk.dial('client'), talk.dial('client')];
    const read = (from: string) => talk.ask(reader, 'XREAD', 'BLOCK', '1000', 'STREAMS', REPLIES, from);
    read('0');
    talk.answer(reader, entries(REPLIES, ['2-1', ANSWER.slice(6)]));
    talk.ask(same ? reader : client, remove, REPLIES);
    reads.forEach(read);
    return judged(talk.events).broken.filter((id) => id === 'CLAMATOR-REPLY-07');
  };
  test('may come behind that', () => {
    expect(talkOf('DEL', ['2-1'])).toEqual([]);
    expect(talkOf('UNLINK', ['2-1'])).toEqual([]);
  });
  test('but not twice, nor behind another entry, nor by that connection', () => {
    expect(talkOf('DEL', ['2-1', '2-1'])).toEqual(['CLAMATOR-REPLY-07']);
    expect(talkOf('DEL', ['1-1'])).toEqual(['CLAMATOR-REPLY-07']);
    expect(talkOf('DEL', ['2-1'], true)).toEqual(['CLAMATOR-REPLY-07']);
  });
  test('and a client that starts anew begins at 0', () => {
    expect(talkOf('DEL', ['0'])).toEqual([]);
    expect(talkOf('UNLINK', ['0'])).toEqual([]);
  });
});

describe('a client that stumbles over an entry', () => {
  const talkOf = (first: string, from: string) => {
    const talk = new Conversation();
    const reader = talk.dial('client');
    const read = (behind: string) => talk.ask(reader, 'XREAD', 'BLOCK', '1000', 'STREAMS', REPLIES, behind);
    read('0');
    talk.answer(reader, entries(REPLIES, ['2-0', ['type', 'rpc', 'envelope', first]], ['2-1', ANSWER.slice(6)]));
    read(from);
    return judged(talk.events).broken.filter((id) => id === 'CLAMATOR-REPLY-07');
  };
  test.each(['{"jsonrpc', '"text"', '[]', 'null'])('may read on behind %s, which is no envelope', (text) => {
    expect(talkOf(text, '2-0')).toEqual([]);
    expect(talkOf(text, '2-1')).toEqual([]);
  });
  test('but not behind one that it could read, nor before both', () => {
    expect(talkOf(REPLY, '2-0')).toEqual(['CLAMATOR-REPLY-07']);
    expect(talkOf('"text"', '0')).toEqual(['CLAMATOR-REPLY-07']);
  });
});

describe('what nobody answers', () => {
  const POKE = '{"jsonrpc":"2.0","method":"calc.poke","params":{}}';
  const notify = (fields: readonly string[], reply?: string) => {
    const talk = new Conversation();
    const [server, client] = [talk.dial('server'), talk.dial('client')];
    talk.ask(server, 'XGROUP', 'CREATE', STREAM, 'calc', '$', 'MKSTREAM').answer(server, simple('OK'));
    talk.ask(client, 'XADD', STREAM, '*', ...fields).answer(client, bulk('1-1'));
    talk.ask(server, ...READ).answer(server, entries(STREAM, ['1-1', fields]));
    if (reply !== undefined) talk.ask(server, 'XADD', REPLIES, 'MAXLEN', '~', '1024', '*', 'type', 'rpc', 'envelope', reply);
    talk.ask(server, 'XACK', STREAM, 'calc', '1-1');
    return judged(talk.events);
  };

  test('a notification is acknowledged and not answered', () => {
    expect(notify(['type', 'rpc', 'envelope', POKE])).toMatchObject({
      broken: [],
      held: expect.arrayContaining(['CLAMATOR-NOTIF-01', 'CLAMATOR-NOTIF-03']),
    });
  });
  test('nor has it an id, or fields of a call', () => {
    expect(notify(['type', 'rpc', 'envelope', POKE.replace('{"json', '{"id":"x","json')]).broken).toContain('CLAMATOR-NOTIF-01');
    expect(notify(['type', 'rpc', 'envelope', POKE, 'more', 'x']).broken).toContain('CLAMATOR-NOTIF-01');
  });
  test('nor is it answered where it names a stream for it', () => {
    const answered = POKE.replace('{"json', '{"id":null,"json');
    const reply = '{"jsonrpc":"2.0","id":null,"error":{"code":-32601,"message":"Method not found","data":null}}';
    expect(notify(['type', 'rpc', 'envelope', answered, 'reply-to', REPLIES], reply).broken).toContain('CLAMATOR-NOTIF-03');
  });
  test('a request without reply-to gets no reply', () => {
    expect(notify(['type', 'rpc', 'envelope', CALL], REPLY).broken).toContain('CLAMATOR-REQ-12');
  });
  test('a request of a method that nobody answers need have no reply', () => {
    expect(notify(['type', 'rpc', 'envelope', POKE.replace('}}', '},"id":"x"}'), 'reply-to', REPLIES]).broken).toEqual([]);
  });
});

describe('what a code of an error means', () => {
  const answered = (envelope: string, code: number, id = '"x"'): readonly string[] => {
    const fields = ['type', 'rpc', 'envelope', envelope, 'reply-to', REPLIES];
    const reply = `{"jsonrpc":"2.0","id":${id},"error":{"code":${code},"message":"m","data":null}}`;
    const talk = new Conversation();
    const server = talk.dial('server');
    talk.ask(server, 'XGROUP', 'CREATE', STREAM, 'calc', '$', 'MKSTREAM').answer(server, simple('OK'));
    talk.ask(server, ...READ).answer(server, entries(STREAM, ['1-1', fields]));
    talk.ask(server, 'XADD', REPLIES, 'MAXLEN', '~', '1024', '*', 'type', 'rpc', 'envelope', reply);
    talk.ask(server, 'XACK', STREAM, 'calc', '1-1');
    return judged(talk.events).broken;
  };
  const VERSION_1 = CALL.replace('"2.0"', '"1.0"');
  test.each<[string, readonly string[], string[]]>([
    ['a method that is not found', answered(CALL, -32601), []],
    ['an error of an application', answered(CALL, -32099), []],
    ['an error of an application of any number', answered(CALL, 7), []],
    ['a code that is nobody’s', answered(CALL, -32150), ['ERR-12']],
    ['broken JSON, which it was not', answered(CALL, -32700), ['ERR-12']],
    ['an invalid request, which it was not', answered(CALL, -32600), ['ERR-12']],
    ['a request of another service', answered(CALL.replace('calc.', 'log.'), -32600), []],
    ['an invalid request', answered(VERSION_1, -32600), []],
    ['an invalid request as an internal error', answered(VERSION_1, -32603), ['ERR-10']],
    ['an id that is none', answered(CALL.replace('"x"', '1.5'), -32600, '1.5'), []],
    ['broken JSON', answered('{', -32700, 'null'), []],
    ['broken JSON as an internal error', answered('{', -32603, 'null'), ['ERR-10']],
  ])('%s', (_what, broken, requirements) => {
    expect(broken).toEqual(requirements.map((id) => `CLAMATOR-${id}`));
  });
});

test('ids that instances make up have the form of a UUID', () => {
  const own = { ...FACTS, instances: FACTS.instances?.map((each) => ({ ...each, options: { ownId: true } })) ?? [] };
  const talk = new Conversation();
  const client = talk.dial('client');
  talk.ask(client, ...put(ADD, 8, 'p:replies:me'));
  expect(judged(talk.events, own).broken).toEqual(['CLAMATOR-KEY-06']);
});
