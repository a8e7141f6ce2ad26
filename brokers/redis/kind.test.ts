import { describe, expect, it, test } from 'vitest';
import { array, bulk, error, integer, map, type RespValue } from '../../protocols/carriers/resp/value.ts';
import { kindOf } from './kind.ts';

const hello = (facts: Readonly<Record<string, string>>): RespValue =>
  array(
    Object.entries({ server: 'redis', version: '7.0.15', mode: 'standalone', role: 'master', ...facts }).flatMap((pair) => pair.map(bulk)),
  );
const info = (...lines: readonly string[]): RespValue => bulk(`# Server\r\n${lines.join('\r\n')}\r\n`);
const GOOD = info('redis_version:7.0.15', 'redis_mode:standalone', 'role:master');

describe('what HELLO and INFO say of a Redis', () => {
  test.each([
    ['7.0.15', hello({}), GOOD],
    [
      '8.0.2',
      map([
        [bulk('version'), bulk('8.0.2')],
        [bulk('proto'), integer(3)],
      ]),
      GOOD,
    ],
    ['6.2.0', error('ERR unknown command `HELLO`'), info('redis_version:6.2.0')],
  ])('takes %s', (version, first, second) => {
    expect(kindOf({ hello: first, info: second })).toEqual({ ok: true, version });
  });

  test.each([
    [
      'needs a password',
      error('NOAUTH HELLO must be called with the client already authenticated'),
      error('NOAUTH Authentication required.'),
    ],
    ['does not let this user in', error("NOPERM this user has no permissions to run the 'info' command"), undefined],
    ['is still loading', hello({}), error('LOADING Redis is loading the dataset in memory')],
    ['turns connections away', error('ERR max number of clients reached'), undefined],
    ['is Redis 6.0.16, which is too old; it takes 6.2 or newer', hello({ version: '6.0.16' }), info('redis_version:6.0.16')],
    ['is Redis 5.0.14, which is too old', error('ERR unknown command `HELLO`'), info('redis_version:5.0.14')],
    ['is a cluster', hello({ mode: 'cluster' }), GOOD],
    ['is a cluster', error('ERR no'), info('redis_version:7.0.15', 'cluster_enabled:1')],
    ['is a sentinel', hello({ mode: 'sentinel' }), GOOD],
    ['is a replica', hello({ role: 'slave' }), GOOD],
    ['is a replica', hello({ role: 'replica' }), GOOD],
    ['is no Redis: it says no version', bulk('hi'), integer(1)],
    ['is no Redis: it says no version: ERR no', error('ERR no'), error('ERR no')],
    ['has no time: BUSY Redis is busy', error('BUSY Redis is busy running a script'), undefined],
    ['is a replica, and its master is away', hello({}), error('MASTERDOWN Link with MASTER is down')],
  ])('refuses what %s', (problem, first, second) => {
    const kind = kindOf({ hello: first, info: second });
    expect(kind.ok ? '' : kind.problem).toContain(problem);
  });

  it('says why nothing came', () => {
    expect(kindOf({ hello: undefined, info: undefined, gone: 'it hung up' })).toEqual({ ok: false, problem: 'is no Redis: it hung up' });
  });
});
