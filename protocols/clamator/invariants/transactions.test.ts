import { describe, expect, test } from 'vitest';
import { array, bulk, error, integer, type RespValue, simple } from '../../carriers/resp/value.ts';
import { startLedger } from '../ledger.ts';
import { Conversation, entries, judged } from '../testing/conversation.ts';

const CALL = '{"jsonrpc":"2.0","method":"calc.add","params":{"a":1,"b":2},"id":"x"}';
const STREAM = 'p:cmds:calc';
const REPLIES = 'p:replies:C1';
const REQUEST = ['type', 'rpc', 'envelope', CALL, 'reply-to', REPLIES];
const REPLY = ['XADD', REPLIES, 'MAXLEN', '~', '1024', '*', 'type', 'rpc', 'envelope', '{"jsonrpc":"2.0","id":"x","result":{"sum":3}}'];
const ACK = ['XACK', STREAM, 'calc', '1-1'];
const READ = ['XREADGROUP', 'GROUP', 'calc', 'calc:S1', 'COUNT', '16', 'BLOCK', '1000', 'STREAMS', STREAM, '>'];
const [OK, QUEUED, ID, ONE] = [simple('OK'), simple('QUEUED'), bulk('2-1'), integer(1)];
const NOTHING: RespValue = { type: 'null', form: 'array' };
const ABORTED = error('EXECABORT Transaction discarded because of previous errors.');

/** A server that was given a request; what it says about it goes on its first connection. */
function given(): { readonly talk: Conversation; readonly server: number } {
  const talk = new Conversation();
  const server = talk.dial('server');
  talk.ask(server, 'XGROUP', 'CREATE', STREAM, 'calc', '$', 'MKSTREAM').answer(server, OK);
  talk.ask(server, ...READ).answer(server, entries(STREAM, ['1-1', REQUEST]));
  return { talk, server };
}

/** Commands in one piece, then what they are answered with. */
function say(talk: Conversation, by: number, commands: readonly (readonly string[])[], answers: readonly RespValue[]): void {
  for (const command of commands) talk.ask(by, ...command);
  for (const answer of answers) talk.answer(by, answer);
}

const BOTH = [['MULTI'], REPLY, ACK, ['EXEC']];
const DONE = [OK, QUEUED, QUEUED, array([ID, ONE])];
type Said = readonly [commands: readonly (readonly string[])[], answers: readonly RespValue[]];
const ALONE: Said = [
  [REPLY, ACK],
  [ID, ONE],
];

describe('a server may reply and acknowledge in a transaction', () => {
  test.each<[string, readonly Said[]]>([
    ['in one piece', [[BOTH, DONE]]],
    ['one after the other', BOTH.map((command, i): Said => [[command], DONE.slice(i, i + 1)])],
    [
      'the acknowledgement first, since all of it happens at once',
      [
        [
          [['MULTI'], ACK, REPLY, ['EXEC']],
          [OK, QUEUED, QUEUED, array([ONE, ID])],
        ],
      ],
    ],
    [
      'with what it says next behind it',
      [
        [
          [...BOTH, READ],
          [...DONE, NOTHING],
        ],
      ],
    ],
    [
      'the reply alone, and the acknowledgement behind it',
      [
        [
          [['MULTI'], REPLY, ['EXEC'], ACK],
          [OK, QUEUED, array([ID]), ONE],
        ],
      ],
    ],
    [
      'again, where it gave the first up',
      [
        [
          [['MULTI'], REPLY, ACK, ['DISCARD']],
          [OK, QUEUED, QUEUED, OK],
        ],
        [BOTH, DONE],
      ],
    ],
    [
      'again, where a key that it watches has changed',
      [
        [
          [['WATCH', 'k'], ...BOTH],
          [OK, OK, QUEUED, QUEUED, NOTHING],
        ],
        [BOTH, DONE],
      ],
    ],
    ['and each by itself, where it was aborted', [[BOTH, [OK, error('OOM no'), QUEUED, ABORTED]], ALONE]],
    [
      'and only acknowledge, where the reply was refused',
      [
        [BOTH, [OK, error('OOM no'), QUEUED, ABORTED]],
        [[ACK], [ONE]],
      ],
    ],
    [
      'the same where it gave it up for that',
      [
        [
          [['MULTI'], REPLY, ['DISCARD']],
          [OK, error('OOM no'), OK],
        ],
        [[ACK], [ONE]],
      ],
    ],
    ['where one of two is refused within', [[BOTH, [OK, QUEUED, QUEUED, array([error('WRONGTYPE no'), ONE])]]]],
    ['and none where there is none', [[BOTH, [error('LOADING no'), ID, ONE, error('ERR EXEC without MULTI')]]]],
    [
      'past what it may not say there',
      [
        [
          [['MULTI'], ['MULTI'], ['WATCH', 'k'], REPLY, ACK, ['EXEC']],
          [OK, error('ERR no'), error('ERR no'), ...DONE.slice(1)],
        ],
      ],
    ],
  ])('%s', (_how, said) => {
    const { talk, server } = given();
    for (const [commands, answers] of said) say(talk, server, commands, answers);
    const { broken, held } = judged(talk.events);
    expect(broken).toEqual([]);
    expect(held).toEqual(expect.arrayContaining(['CLAMATOR-REPLY-05', 'CLAMATOR-GROUP-06']));
  });

  test.each<[string, readonly RespValue[]]>([
    ['before anything was answered', []],
    ['before the answer to its EXEC', DONE.slice(0, 3)],
  ])('again on another connection where the first was cut %s', (_when, answers) => {
    const { talk, server } = given();
    say(talk, server, BOTH, answers);
    say(talk.reset(server), talk.dial('server'), BOTH, DONE);
    expect(judged(talk.events).broken).toEqual([]);
  });
});

describe('what is wrong in a transaction, or by one, is told', () => {
  test.each<[string, readonly Said[], string[]]>([
    [
      'a reply that is given up',
      [
        [
          [['MULTI'], REPLY, ['DISCARD'], ACK],
          [OK, QUEUED, OK, ONE],
        ],
      ],
      ['CLAMATOR-REPLY-05'],
    ],
    [
      'a reply that a watched key keeps from being written',
      [
        [
          [['MULTI'], REPLY, ['EXEC'], ACK],
          [OK, QUEUED, NOTHING, ONE],
        ],
      ],
      ['CLAMATOR-REPLY-05'],
    ],
    [
      'an acknowledgement in a transaction before that of the reply',
      [
        [
          [['MULTI'], ACK, ['EXEC'], REPLY],
          [OK, QUEUED, array([ONE]), ID],
        ],
      ],
      ['CLAMATOR-REPLY-05'],
    ],
    [
      'two replies',
      [
        [
          [['MULTI'], REPLY, REPLY, ACK, ['EXEC']],
          [OK, QUEUED, QUEUED, QUEUED, array([ID, ID, ONE])],
        ],
      ],
      ['CLAMATOR-REPLY-01'],
    ],
    [
      'both a second time',
      [
        [BOTH, DONE],
        [BOTH, DONE],
      ],
      ['CLAMATOR-GROUP-06', 'CLAMATOR-REPLY-01', 'CLAMATOR-REPLY-05'],
    ],
    [
      'an expiry beside the reply',
      [
        [
          [['MULTI'], REPLY, ['EXPIRE', REPLIES, '60'], ACK, ['EXEC']],
          [OK, QUEUED, QUEUED, QUEUED, array([ID, ONE, ONE])],
        ],
      ],
      ['CLAMATOR-REPLY-12'],
    ],
  ])('%s', (_what, said, broken) => {
    const { talk, server } = given();
    for (const [commands, answers] of said) say(talk, server, commands, answers);
    expect(judged(talk.events).broken).toEqual(broken);
  });

  test('a reply in one that is never carried out, acknowledged elsewhere', () => {
    const { talk, server } = given();
    say(talk, server, [['MULTI'], REPLY], [OK, QUEUED]);
    say(talk.reset(server), talk.dial('server'), [ACK], [ONE]);
    expect(judged(talk.events).broken).toEqual(['CLAMATOR-REPLY-05']);
  });
});

test('entries that are read in a transaction are those of the command that asked for them', () => {
  const talk = new Conversation();
  const server = talk.dial('server');
  say(talk, server, [['MULTI'], READ, ['EXEC']], [OK, QUEUED, array([entries(STREAM, ['1-1', REQUEST])])]);
  const ledger = startLedger();
  const heard = talk.events.flatMap((event) => ledger.observe(event)).filter(({ kind }) => kind === 'heard');
  expect(heard.map((each) => [each.asked.command.name, each.kind === 'heard' && each.answer.entries?.map(({ id }) => id)])).toContainEqual([
    'XREADGROUP',
    ['1-1'],
  ]);
});
