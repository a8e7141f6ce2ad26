import fc from 'fast-check';
import { by, CONNECTIONS, command, from, key, maybe, type Sent, some } from './words.ts';

/** Words about transactions, wherever they stand. */
export const ofTransactions: fc.Arbitrary<string[]> = fc.oneof(
  command(from('MULTI', 'MULTI', 'EXEC', 'EXEC', 'DISCARD', 'UNWATCH'), maybe([], [], [], ['x'])),
  command('WATCH', some(key)),
);

/** A transaction of one connection of such commands, with what others say meanwhile. */
export const transactionOf = (anyCommand: fc.Arbitrary<string[]>): fc.Arbitrary<Sent[]> =>
  fc
    .record({
      own: fc.nat(CONNECTIONS - 1),
      watched: maybe(['WATCH', 's'], ['WATCH', 's', 't', 'text']),
      said: fc.array(
        fc.record({
          other: fc.option(fc.nat(CONNECTIONS - 1), { freq: 3 }),
          args: fc.oneof({ weight: 9, arbitrary: anyCommand }, { weight: 1, arbitrary: ofTransactions }),
        }),
        { maxLength: 6 },
      ),
      end: from('EXEC', 'EXEC', 'EXEC', 'DISCARD'),
    })
    .map(({ own, watched, said, end }) => [
      ...(watched.length === 0 ? [] : [{ by: own, args: watched }]),
      { by: own, args: ['MULTI'] },
      ...said.map(({ other, args }) => ({ by: other ?? own, args })),
      { by: own, args: [end] },
    ]);

/** Transactions whose outcome turns on what happens meanwhile. */
export const TRANSACTIONS: readonly (readonly [string, readonly Sent[]])[] = [
  [
    'a transaction that meets a full Redis',
    [
      ...['MULTI', 'SET text x', 'DEL s'].map((each) => by(0, each)),
      ...['MULTI', 'DEL s', 'PING'].map((each) => by(2, each)),
      by(1, 'CONFIG SET maxmemory 1'),
      ...['EXEC', 'EXEC'].map((each) => by(0, each)),
      by(2, 'EXEC'),
      ...['MULTI', 'PING', 'WATCH s', 'MULTI', 'EXEC', 'MULTI', 'DISCARD', 'WATCH s', 'UNWATCH'].map((each) => by(0, each)),
      by(1, 'CONFIG SET maxmemory 0'),
    ],
  ],
  [
    'one that meets a replica, and too few',
    [
      ...['MULTI', 'XADD s 1-1 f v', 'XLEN s'].map((each) => by(0, each)),
      ...['MULTI', 'XLEN s'].map((each) => by(2, each)),
      by(1, 'REPLICAOF 127.0.0.1 1'),
      ...['EXEC', 'MULTI', 'XADD s 1-1 f v', 'PING', 'EXEC'].map((each) => by(0, each)),
      by(2, 'EXEC'),
      by(1, 'REPLICAOF NO ONE'),
      by(1, 'CONFIG SET min-replicas-to-write 1'),
      ...['MULTI', 'XACK s g 1-1', 'PING', 'EXEC'].map((each) => by(0, each)),
      by(1, 'CONFIG SET min-replicas-to-write 0'),
    ],
  ],
  [
    'what is changed within it for all',
    [
      by(0, 'XGROUP CREATE s g $ MKSTREAM'),
      by(1, 'XREADGROUP GROUP g a BLOCK 0 STREAMS s >'),
      by(2, 'XREAD BLOCK 0 STREAMS t $'),
      ...['MULTI', 'XADD s 1-1 f v', 'XADD t 1-1 f v', 'DEL t', 'XLEN s', 'XPENDING s g', 'EXEC'].map((each) => by(0, each)),
      ...['MULTI', 'HELLO 3', 'GET nope', 'XREAD BLOCK 0 STREAMS s $', 'HELLO 2', 'GET nope', 'SELECT 1', 'SET a b', 'EXEC'].map((each) =>
        by(0, each),
      ),
      ...['GET a', 'SELECT 0', 'GET a'].map((each) => by(0, each)),
      ...['MULTI', 'REPLICAOF 127.0.0.1 1', 'XADD s 2-1 f v', 'REPLICAOF NO ONE', 'XLEN s', 'EXEC'].map((each) => by(0, each)),
    ],
  ],
  [
    'writes that wait before they are queued, and a transaction that waits',
    [
      ...['MULTI', 'XADD s 1-1 f v', 'PING'].map((each) => by(1, each)),
      ...['MULTI', 'XLEN s'].map((each) => by(2, each)),
      by(0, 'CLIENT PAUSE 100000 WRITE'),
      by(1, 'EXEC'),
      by(2, 'EXEC'),
      ...['MULTI', 'XADD s 2-1 f v', 'EXEC'].map((each) => by(3, each)),
      by(0, 'CLIENT UNPAUSE'),
      by(0, 'XLEN s'),
    ],
  ],
];
