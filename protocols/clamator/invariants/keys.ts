import type { Asked } from '../happening.ts';
import { ledgerInvariant } from './ledger-invariant.ts';

/** Commands that change keys: those of clamator write to its streams alone, and take nothing out of them. */
const WRITING: ReadonlySet<string> = new Set([
  ...[
    'XADD',
    'XGROUP CREATE',
    'XACK',
    'XAUTOCLAIM',
    'XCLAIM',
    'XDEL',
    'XTRIM',
    'DEL',
    'UNLINK',
    'SET',
    'EXPIRE',
    'PEXPIRE',
    'LPUSH',
    'RPUSH',
  ],
  ...['HSET', 'SADD', 'ZADD', 'INCR', 'RENAME', 'XSETID', 'XGROUP DESTROY', 'XGROUP DELCONSUMER', 'XGROUP SETID'],
]);

/** No keys but the streams of commands and of replies, and no expiry on any. */
export const keys = ledgerInvariant('clamator/keys', ['CLAMATOR-KEY-07', 'CLAMATOR-REPLY-12'], (facts, check) => {
  function judgeWrite({ n, by, command }: Asked): void {
    if (!WRITING.has(command.name)) return;
    const { key = '' } = command;
    const isWithin = facts.space === undefined || key.startsWith(facts.space);
    const isStream = /:(?:cmds|replies):/.test(key);
    check(
      isWithin && isStream,
      'CLAMATOR-KEY-07',
      by.role,
      () => `${command.name} writes to ${key}, which is no stream of commands or replies`,
      [n],
    );
    const expires = command.name === 'EXPIRE' || command.name === 'PEXPIRE';
    check(!expires, 'CLAMATOR-REPLY-12', by.role, () => `an expiry on ${key}`, [n]);
  }

  return {
    judge: ({ kind, asked }) => {
      if (kind === 'asked') judgeWrite(asked);
    },
  };
});
