import { by, type Sent } from './words.ts';

/** Commands that change all of a Redis, or what it does with others' connections, each with what shows it. */
export const OUTAGES: readonly (readonly [string, readonly Sent[]])[] = [
  [
    'a replica, then none any more',
    [
      by(0, 'XGROUP CREATE s g $ MKSTREAM'),
      by(0, 'XADD s 1-1 f v'),
      by(1, 'XREADGROUP GROUP g a BLOCK 0 STREAMS t >'),
      by(1, 'XREADGROUP GROUP g a BLOCK 0 STREAMS s >'),
      by(1, 'XREADGROUP GROUP g a BLOCK 0 STREAMS s >'),
      by(1, 'PING'),
      by(2, 'XREAD BLOCK 0 STREAMS s $'),
      by(0, 'REPLICAOF 127.0.0.1 1'),
      by(0, 'REPLICAOF 127.0.0.1 1'),
      ...['XADD s 2-1 f v', 'XLEN s', 'XREADGROUP GROUP g a STREAMS s >', 'XREAD STREAMS s 0', 'XACK s g 1-1', 'XPENDING s g'].map((each) =>
        by(0, each),
      ),
      ...[
        'XAUTOCLAIM s g b 0 0-0',
        'XGROUP CREATE s h $',
        'XGROUP NOPE',
        'XADD s',
        'SET text x',
        'GET text',
        'FLUSHALL',
        'DEL s',
        'HELLO',
      ].map((each) => by(0, each)),
      ...['REPLICAOF 127.0.0.1 x', 'REPLICAOF 127.0.0.1 65536', 'REPLICAOF no', 'REPLICAOF no one', 'REPLICAOF NO ONE', 'HELLO 3'].map(
        (each) => by(3, each),
      ),
      by(0, 'XADD s 2-1 f v'),
      by(0, 'XREADGROUP GROUP g b STREAMS s >'),
    ],
  ],
  [
    'a replica that is full and lacks replicas',
    [
      by(0, 'XADD s 1-1 f v'),
      by(0, 'CONFIG SET maxmemory 1 min-replicas-to-write 1'),
      ...['XADD s 2-1 f v', 'XGROUP CREATE s g 0', 'XDEL s 1-1', 'XLEN s'].map((each) => by(1, each)),
      by(0, 'REPLICAOF 127.0.0.1 1'),
      ...['XADD s 2-1 f v', 'XDEL s 1-1', 'XLEN s'].map((each) => by(1, each)),
      by(0, 'REPLICAOF NO ONE'),
      by(0, 'CONFIG GET maxmemory'),
      by(0, 'CONFIG SET min-replicas-to-write 0'),
      ...['XADD s 2-1 f v', 'XGROUP CREATE s g 0', 'XGROUP SETID s g 0', 'XDEL s 1-1', 'XLEN s', 'XREADGROUP GROUP g a STREAMS s >'].map(
        (each) => by(1, each),
      ),
      by(0, 'CONFIG SET maxmemory 0'),
      by(1, 'XADD s 2-1 f v'),
    ],
  ],
  [
    'writes that wait',
    [
      by(0, 'XGROUP CREATE s g $ MKSTREAM'),
      by(3, 'XREADGROUP GROUP g a BLOCK 0 STREAMS s >'),
      by(0, 'CLIENT PAUSE 100000 WRITE'),
      by(1, 'XADD s 1-1 f v'),
      by(1, 'PING'),
      by(2, 'XLEN s'),
      by(2, 'XREAD BLOCK 1 STREAMS s 0'),
      by(2, 'XREADGROUP GROUP g a STREAMS s >'),
      by(2, 'XLEN s'),
      ...['CLIENT PAUSE x', 'CLIENT PAUSE -1', 'CLIENT PAUSE 5 NOPE', 'CLIENT PAUSE', 'XADD s', 'CLIENT UNPAUSE x'].map((each) =>
        by(0, each),
      ),
      by(0, 'CLIENT UNPAUSE'),
      by(1, 'XLEN s'),
    ],
  ],
  [
    'all that waits, for a while',
    [by(0, 'CLIENT PAUSE 200'), by(1, 'PING'), by(1, 'XADD s 1-1 f v'), by(0, 'XLEN s'), by(2, 'CLIENT UNPAUSE'), by(2, 'XLEN s')],
  ],
  [
    'connections that nobody has',
    [
      'CLIENT KILL',
      'CLIENT KILL 1.2.3.4:5',
      'CLIENT KILL TYPE pubsub',
      'CLIENT KILL TYPE nope',
      'CLIENT KILL ID 999999999',
      'CLIENT KILL ID x',
    ]
      .concat([
        'CLIENT KILL ID 0',
        'CLIENT KILL SKIPME maybe',
        'CLIENT KILL NOPE x',
        'CLIENT KILL TYPE pubsub SKIPME no',
        'CLIENT KILL TYPE pubsub ID',
      ])
      .map((each) => by(0, each)),
  ],
];
