import fc from 'fast-check';
import { ofTransactions, transactionOf } from './transactions.ts';
import { CONNECTIONS, command, from, key, maybe, type Sent, some } from './words.ts';

/** Few of each, so that commands meet. */
const group = from('g', 'g', 'g', 'h', 'nobody');
const consumer = from('a', 'b', 'c');
const id = from('1-1', '1-2', '2-0', '2-1', '3', '4-1', '5-5', '6', '7', '8-0', '8-1', '9');
const oddId = from(
  '0',
  '0-0',
  '5-*',
  '0-*',
  '-',
  '+',
  '(2-0',
  '(',
  'x',
  '',
  '1-',
  '-1',
  ' 7',
  '+7',
  '007',
  '18446744073709551615-18446744073709551615',
  '18446744073709551616',
  '$',
  '>',
);
const anyId = fc.oneof({ weight: 6, arbitrary: id }, { weight: 1, arbitrary: oddId });
const border = fc.oneof(
  { weight: 3, arbitrary: id },
  { weight: 3, arbitrary: from('-', '+') },
  { weight: 1, arbitrary: from('(1-1', '(3', '(7', '(-', '(+', 'x') },
);
const field = from('f', 'type', 'envelope', '12', '');
const value = fc.oneof(
  from('', '1', '-7', '300', '70000', 'v', '{"jsonrpc":"2.0"}'),
  fc.integer().map(String),
  fc.integer({ min: 60, max: 70 }).map((n) => 'x'.repeat(n)),
);
const pairs = fc.array(fc.tuple(field, value), { minLength: 1, maxLength: 3 }).map((each) => each.flat());
const count = from('1', '1', '2', '3', '10', '0', '-1', 'x');
const block = from('0', '0', '1000000', '1', '1', '-1', 'x');
const trim = fc.oneof(
  fc.constant<readonly string[]>([]),
  command(from('MAXLEN', 'maxlen'), maybe(['~'], ['=']), from('0', '1', '3', '5', '-1')),
  command('MINID', maybe(['~'], ['=']), anyId),
  command('MAXLEN', '~', from('2'), 'LIMIT', from('0', '1', '100', '-1')),
  command('MAXLEN', from('2'), 'LIMIT', from('0', '1')),
  command(from('LIMIT', 'MAXLEN', 'NOPE'), from('1')),
);
const idle = from('0', '0', '0', '-1', '3600000', 'x');

/** What streams are for: written, read by groups, acknowledged, claimed. */
const streams: readonly fc.WeightedArbitrary<string[]>[] = [
  { weight: 8, arbitrary: command('XADD', key, '*', pairs) },
  { weight: 10, arbitrary: command('XADD', key, anyId, pairs) },
  { weight: 3, arbitrary: command('XADD', key, maybe(['NOMKSTREAM']), trim, fc.oneof(anyId, from('*')), pairs) },
  {
    weight: 6,
    arbitrary: command(
      'XGROUP',
      'CREATE',
      key,
      group,
      fc.oneof(from('$', '0', '0'), anyId),
      maybe(['MKSTREAM'], ['MKSTREAM'], ['ENTRIESREAD', '2'], ['NOPE']),
    ),
  },
  {
    weight: 1,
    arbitrary: command(
      'XGROUP',
      'SETID',
      key,
      group,
      fc.oneof(from('$', '0'), anyId),
      maybe(['ENTRIESREAD', '1'], ['ENTRIESREAD', '-2'], ['MKSTREAM']),
    ),
  },
  { weight: 1, arbitrary: command('XGROUP', 'DESTROY', key, group) },
  { weight: 1, arbitrary: command('XGROUP', from('CREATECONSUMER', 'DELCONSUMER'), key, group, consumer) },
  {
    weight: 12,
    arbitrary: command(
      'XREADGROUP',
      'GROUP',
      group,
      consumer,
      fc.oneof(fc.constant<string[]>([]), command('COUNT', count)),
      fc.oneof(fc.constant<string[]>([]), command('BLOCK', block)),
      maybe(['NOACK']),
      'STREAMS',
      key,
      fc.oneof({ weight: 4, arbitrary: from('>') }, { weight: 1, arbitrary: anyId }),
    ),
  },
  { weight: 2, arbitrary: command('XREADGROUP', 'GROUP', group, consumer, 'BLOCK', block, 'STREAMS', 's', 't', '>', from('>', '0')) },
  {
    weight: 6,
    arbitrary: command(
      'XREAD',
      fc.oneof(fc.constant<string[]>([]), command('COUNT', count)),
      fc.oneof(fc.constant<string[]>([]), command('BLOCK', block)),
      'STREAMS',
      key,
      fc.oneof(from('$', '0', '0-0'), anyId),
    ),
  },
  { weight: 2, arbitrary: command('XREAD', 'BLOCK', block, 'STREAMS', 's', 't', from('$', '0'), from('$', '0')) },
  {
    weight: 1,
    arbitrary: command(
      from('XREAD', 'XREADGROUP'),
      some(from('COUNT', 'BLOCK', 'STREAMS', 's', 't', 'GROUP', 'NOACK', 'g', '0', '>', '$'), 8),
    ),
  },
  { weight: 5, arbitrary: command('XACK', key, group, some(anyId)) },
  {
    weight: 4,
    arbitrary: command(
      'XAUTOCLAIM',
      key,
      group,
      consumer,
      idle,
      fc.oneof(from('0-0', '0'), border),
      fc.oneof(fc.constant<string[]>([]), command('COUNT', count)),
      maybe(['JUSTID'], ['NOPE']),
    ),
  },
  {
    weight: 3,
    arbitrary: command(
      'XCLAIM',
      key,
      group,
      consumer,
      idle,
      some(anyId),
      maybe(
        ['FORCE'],
        ['JUSTID'],
        ['RETRYCOUNT', '7'],
        ['RETRYCOUNT', '-1'],
        ['LASTID', '6'],
        ['IDLE', '0', 'FORCE'],
        ['TIME', '1'],
        ['NOPE'],
      ),
    ),
  },
  { weight: 3, arbitrary: command('XPENDING', key, group) },
  {
    weight: 3,
    arbitrary: command(
      'XPENDING',
      key,
      group,
      maybe(['IDLE', '0'], ['IDLE', '3600000']),
      border,
      border,
      count,
      fc.oneof(fc.constant<string[]>([]), consumer),
    ),
  },
  { weight: 2, arbitrary: command('XINFO', 'STREAM', key, maybe(['FULL'], ['FULL', 'COUNT', '1'], ['FULL', 'COUNT', '0'], ['NOPE'])) },
  { weight: 2, arbitrary: command('XINFO', 'GROUPS', key) },
  { weight: 2, arbitrary: command('XINFO', 'CONSUMERS', key, group) },
  {
    weight: 3,
    arbitrary: command(from('XRANGE', 'XREVRANGE'), key, border, border, fc.oneof(fc.constant<string[]>([]), command('COUNT', count))),
  },
  { weight: 2, arbitrary: command('XLEN', key) },
  { weight: 3, arbitrary: command('XDEL', key, some(anyId)) },
  { weight: 2, arbitrary: command('XTRIM', key, trim) },
];

/** What all keys and connections have. */
const others: readonly fc.WeightedArbitrary<string[]>[] = [
  { weight: 3, arbitrary: command(from('DEL', 'UNLINK', 'EXISTS'), some(key)) },
  {
    weight: 2,
    arbitrary: command(
      'SET',
      from('text', 'text', 's'),
      value,
      maybe(['NX'], ['XX'], ['GET'], ['EX', '1000'], ['PX', '0'], ['KEEPTTL'], ['NX', 'XX'], ['NX', 'GET']),
    ),
  },
  { weight: 1, arbitrary: command('GET', key) },
  { weight: 2, arbitrary: command(from('RENAME', 'RENAMENX'), key, key) },
  {
    weight: 2,
    arbitrary: command(
      from('EXPIRE', 'PEXPIRE'),
      key,
      from('1000000', '2000000', '0', '-1', 'x'),
      maybe(['NX'], ['XX'], ['NX', 'XX'], ['GT', 'LT'], ['NOPE']),
    ),
  },
  // Times that cannot be the same as one before, since clocks go on.
  { weight: 1, arbitrary: command('EXPIRE', key, maybe(['1', 'GT'], ['0', 'LT'], ['0', 'XX', 'LT'])) },
  { weight: 2, arbitrary: command(from('TTL', 'PTTL', 'TYPE', 'PERSIST'), key) },
  { weight: 1, arbitrary: command('KEYS', from('*', 's', '[st]', 't*', '?', '[^s]', 't\\ext', '*x*t', '')) },
  {
    weight: 1,
    arbitrary: command(
      'SCAN',
      '0',
      maybe(
        ['COUNT', '100'],
        ['MATCH', 's*', 'COUNT', '100'],
        ['TYPE', 'stream', 'COUNT', '100'],
        ['COUNT', '0'],
        ['NOPE', '1'],
        ['COUNT'],
      ),
    ),
  },
  {
    weight: 1,
    arbitrary: command(
      from('PING', 'ECHO', 'DBSIZE', 'QUIT2', 'GET', 'XADD', 'CLIENT', 'XINFO'),
      maybe(['hi'], ['hi', 'there'], ['a', 'b', 'c']),
    ),
  },
  { weight: 1, arbitrary: command('SELECT', from('0', '0', '1', '15', '16', '-1', 'x')) },
  {
    weight: 2,
    arbitrary: command('HELLO', maybe(['2'], ['3'], ['4'], ['x'], ['3', 'SETNAME', 'me'], ['2', 'AUTH', 'a', 'b'], ['3', 'NOPE'])),
  },
  {
    weight: 1,
    arbitrary: command(
      'CLIENT',
      fc.oneof(
        command(from('GETNAME', 'ID')),
        command('SETNAME', from('me', 'a b', '')),
        command('NO-EVICT', from('on', 'x')),
        command('SETINFO', 'LIB-NAME', 'x'),
        command('GETNAME', 'x'),
      ),
    ),
  },
  { weight: 1, arbitrary: command('AUTH', some(from('default', 'x'))) },
  { weight: 1, arbitrary: command(from('FLUSHALL', 'FLUSHDB'), maybe(['ASYNC'], ['NOPE'])) },
  { weight: 1, arbitrary: command('CONFIG', 'SET', 'maxmemory', from('0', '0', '0', '1', '1gb', '1K', '-1', 'x')) },
  { weight: 1, arbitrary: command('CONFIG', 'SET', 'min-replicas-to-write', from('0', '0', '0', '1', '-1', '2147483648', 'x')) },
  {
    weight: 1,
    arbitrary: command(
      'CONFIG',
      fc.oneof(
        command('GET', from('maxmemory', 'MaxMemory', 'min-replicas-to-write', 'nope')),
        command('SET', from('nope', 'maxmemory'), maybe(['1'], ['0', 'maxmemory'], ['0', 'nope', '1'])),
      ),
    ),
  },
];

const anyCommand = fc.oneof(...streams, ...others);

/** A sequence of commands of several connections. */
export const anyCommands: fc.Arbitrary<Sent[]> = fc
  .array(
    fc.oneof(
      { weight: 60, arbitrary: fc.record({ by: fc.nat(CONNECTIONS - 1), args: anyCommand }).map((sent) => [sent]) },
      { weight: 1, arbitrary: fc.record({ by: fc.nat(CONNECTIONS - 1), args: ofTransactions }).map((sent) => [sent]) },
      { weight: 4, arbitrary: transactionOf(anyCommand) },
    ),
    { minLength: 1, maxLength: 70, size: 'max' },
  )
  .map((sent) => sent.flat());

const sized = fc.oneof(
  fc.integer({ min: 0, max: 700 }).map((length) => 'x'.repeat(length)),
  fc.integer({ min: 4090, max: 4100 }).map((length) => 'y'.repeat(length)),
  fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(String),
  from(
    '0',
    '127',
    '128',
    '-1',
    '4095',
    '4096',
    '-4096',
    '-4097',
    '32767',
    '32768',
    '8388607',
    '8388608',
    '2147483647',
    '2147483648',
    '-0',
    '01',
  ),
);
const fieldsLike = from('a', 'b').chain((first) =>
  sized.chain((data) => fc.constantFrom([first, data], ['a', data, 'b', data], [first, '1'])),
);

/** A stream that grows past several nodes and is trimmed on the way, with looks at it between. */
export const anyLongStream: fc.Arbitrary<string[][]> = fc
  .array(fc.tuple(fieldsLike, fc.nat(5), fc.nat(9)), { minLength: 150, maxLength: 400, size: 'max' })
  .map((entries) =>
    entries.flatMap(([fields, seq, what], i) => {
      const trim = what === 0 ? ['MAXLEN', '~', String(10 + seq * 30)] : what === 1 ? ['MAXLEN', '~', '20', 'LIMIT', '90'] : [];
      const add = ['XADD', 's', ...trim, `${i + 1}-${i % 7 === 0 ? 0 : seq}`, ...fields];
      const look = [['XINFO', 'STREAM', 's']];
      if (what === 2) return [add, ['XDEL', 's', `${i - 3}-${seq}`, `${i - 60}-0`], ...look];
      return what === 3 ? [add, ['XTRIM', 's', 'MINID', '~', String(i - 80)], ...look] : [add, ...look];
    }),
  );

/** Bytes that are no commands, or odd ones. */
export const HOSTILE: readonly string[] = [
  'PING\r\n',
  'PING\n',
  '  PING   \r\n',
  '\r\n\r\nPING\r\n',
  'ECHO "a\\x41\\n b"\r\n',
  "ECHO 'it\\'s'\r\n",
  'ECHO "a"b\r\n',
  'ECHO "a\r\n',
  '*0\r\nPING\r\n',
  '*-1\r\nPING\r\n',
  '*1\r\n$4\r\nPING\r\n*1\r\n$4\r\nPING\r\n',
  '*1\r\n$4\r\nPINGxy*1\r\n$4\r\nPING\r\n',
  '*1\rx$4\ry',
  '*1\r\n+PING\r\n',
  '*1\r\n:1\r\n',
  '*1\r\n*1\r\n$4\r\nPING\r\n',
  '*x\r\n',
  '*\r\n',
  '*01\r\n$4\r\nPING\r\n',
  '*1\r\n$-1\r\n',
  '*1\r\n$x\r\n',
  '*1\r\n$\r\n',
  '*1\r\n$536870913\r\n',
  '*99999999999999999999\r\n',
  '*2147483648\r\n',
  `*${'1'.repeat(70_000)}`,
  `*1\r\n$${'1'.repeat(70_000)}`,
  'x'.repeat(70_000),
  'POST / HTTP/1.1\r\nX: y\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: y\r\n\r\n',
  'GET / HTTP/1.1\r\nX: y\r\n\r\n',
  '\u0016\u0003\u0001\u0002\u0000\u0001\r\n',
  '*3\r\n$3\r\nSET\r\n$1\r\n\u00ff\r\n$2\r\n\u00fe\n\r\n',
  '*1\r\n$0\r\n\r\nPING\r\n',
  '*2\r\n$6\r\nlk\r\njh\r\n$1\r\nx\r\n',
];
