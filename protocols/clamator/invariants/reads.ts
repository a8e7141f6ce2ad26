import { isPlainObject } from '../../common/value.ts';
import type { Asked, Happening } from '../happening.ts';
import type { Entry } from '../message.ts';
import { ledgerInvariant } from './ledger-invariant.ts';
import { ROUNDING_MS, settingOf, UUID } from './setting.ts';

/** What ends read and claim: of which stream, from where on, as whom, and how many at most. */
export const reads = ledgerInvariant(
  'clamator/reads',
  [
    ...['CLAMATOR-KEY-01', 'CLAMATOR-KEY-02', 'CLAMATOR-KEY-03', 'CLAMATOR-KEY-04', 'CLAMATOR-KEY-06', 'CLAMATOR-REPLY-07'],
    ...['CLAMATOR-GROUP-01', 'CLAMATOR-GROUP-05', 'CLAMATOR-RECLAIM-02', 'CLAMATOR-RECLAIM-06'],
  ],
  (facts, check) => {
    /** What a client was given last, by its reply stream. */
    const last = new Map<string, Given>();
    /** The same of streams that were taken away since; a read may have been sent by another connection before. */
    const gone = new Map<string, string>();
    /** Streams whose group a server has made, by instance and stream. */
    const grouped = new Set<string>();
    /** Something was let go of: where a stream is read on that is not known may have been known once. */
    let mayBeKnown = false;

    function judgeRead(asked: Asked): void {
      const { n, by, command } = asked;
      const { prefix, id, timers } = settingOf(facts, by);
      const { key = '', from, block } = command;
      if (by.role !== 'client') return;
      if (prefix !== undefined && id !== undefined) {
        check(
          key === `${prefix}:replies:${id}`,
          'CLAMATOR-KEY-02',
          'client',
          () => `it reads ${key}; its replies are in ${prefix}:replies:${id}`,
          [n],
        );
      }
      const known = last.get(key);
      const isFromStart = from === '0' || from === '0-0';
      // A stranger who begins on a connection of its own may be another process under the same id (CLAMATOR-CRASH-04).
      const isAnother = facts.instances === undefined && isFromStart && known?.connection !== asked.connection;
      const before = isAnother ? undefined : known?.id;
      const isNext =
        before === undefined
          ? isFromStart || mayBeKnown || from === gone.get(key)
          : from === before || known?.unusable.includes(from ?? '') === true;
      gone.delete(key);
      check(
        isNext,
        'CLAMATOR-REPLY-07',
        'client',
        () => `it reads behind ${from}; ${before === undefined ? 'the first read begins at 0' : `the last entry that it got is ${before}`}`,
        [n],
      );
      const isBounded = block !== undefined && block > 0 && block <= timers.blockMs + ROUNDING_MS;
      check(
        isBounded,
        'CLAMATOR-REPLY-07',
        'client',
        () => `a read that waits ${block ?? 'no'} ms; it waits ${timers.blockMs} ms at most`,
        [n],
      );
    }

    function judgeGroup({ n, by, command }: Asked): void {
      const { prefix, id, isOwnId, timers } = settingOf(facts, by);
      const { key = '', group = '', consumer = '', count, block, from } = command;
      const at = [n];
      const isOf = prefix === undefined ? key.endsWith(`:cmds:${group}`) : key === `${prefix}:cmds:${group}`;
      check(isOf, 'CLAMATOR-KEY-01', 'server', () => `${command.name} of the group ${group} in ${key}; it is <prefix>:cmds:<service>`, at);
      check(isOf, 'CLAMATOR-KEY-03', 'server', () => `the group ${group} in the stream ${key}; it is called as the service`, at);
      const isNamed = id === undefined ? consumer.startsWith(`${group}:`) : consumer === `${group}:${id}`;
      check(isNamed, 'CLAMATOR-KEY-04', 'server', () => `the consumer ${consumer}; it is ${group}:${id ?? '<instance>'}`, at);
      if (isOwnId)
        check(
          UUID.test(consumer.slice(group.length + 1)),
          'CLAMATOR-KEY-06',
          'server',
          () => `an id of its own that is no UUID: ${consumer}`,
          at,
        );
      if (command.name === 'XREADGROUP') {
        check(
          grouped.has(`${by.name} ${key}`),
          'CLAMATOR-GROUP-01',
          'server',
          () => `it reads ${key} before it has made the group there`,
          at,
        );
        const isSo = count === 16 && block !== undefined && block > 0 && block <= timers.blockMs + ROUNDING_MS;
        check(
          isSo,
          'CLAMATOR-GROUP-05',
          'server',
          () => `COUNT ${count}, BLOCK ${block}; it is COUNT 16, and ${timers.blockMs} ms at most`,
          at,
        );
        check(from === '>', 'CLAMATOR-RECLAIM-06', 'server', () => `it reads behind ${from}; new entries are >`, at);
        check(from === '>', 'CLAMATOR-GROUP-05', 'server', () => `it reads behind ${from}; new entries are >`, at);
        return;
      }
      const { idle } = command;
      const isClaim =
        (from === '0-0' || from === '0') && count === 32 && idle !== undefined && Math.abs(idle - timers.claimIdleMs) <= ROUNDING_MS;
      check(
        isClaim,
        'CLAMATOR-RECLAIM-02',
        'server',
        () => `XAUTOCLAIM ${idle} ${from} COUNT ${count}; it is ${timers.claimIdleMs} 0-0 COUNT 32`,
        at,
      );
    }

    function judge(happening: Happening): void {
      const { asked } = happening;
      const { command, by } = asked;
      if (happening.kind === 'heard' && by.role === 'client' && command.name === 'XREAD') {
        const { entries = [] } = happening.answer;
        const newest = entries.at(-1)?.id;
        const unusable = entries.filter((entry) => !isUsable(entry)).flatMap(({ id }) => id ?? []);
        if (newest !== undefined) last.set(command.key ?? '', { id: newest, unusable, connection: asked.connection, n: asked.n });
      }
      // Whoever takes the stream away has stopped: what comes under that name begins anew.
      if (happening.kind === 'taken' && by.role === 'client' && (command.name === 'DEL' || command.name === 'UNLINK')) {
        for (const key of command.args) {
          const known = last.get(key);
          if (known !== undefined && known.connection !== asked.connection) gone.set(key, known.id);
          last.delete(key);
        }
      }
      if (happening.kind !== 'asked') return;
      if (command.name === 'XREAD') judgeRead(asked);
      if (by.role !== 'server') return;
      if (command.name === 'XGROUP CREATE') {
        grouped.add(`${by.name} ${command.key}`);
        const makes = command.args.slice(3).some((word) => word.toUpperCase() === 'MKSTREAM');
        check(
          command.from === '$' && makes,
          'CLAMATOR-GROUP-01',
          'server',
          () => `XGROUP CREATE ${command.args.join(' ')}; it begins at $ with MKSTREAM`,
          [asked.n],
        );
      }
      if (command.name === 'XREADGROUP') judgeGroup(asked);
      if (command.name === 'XAUTOCLAIM') judgeGroup(asked);
    }

    return {
      judge,
      forget: ({ before, isOver }) => {
        for (const [key, { connection, n }] of last) if (n < before && isOver(connection)) last.delete(key);
        gone.clear();
        mayBeKnown = true;
      },
    };
  },
);

/** An answer of a client's read. */
interface Given {
  /** Of its last entry. */
  readonly id: string;
  /**
   * Its entries that are no envelope. A client that stumbles over one may read on behind it, and gets what stood there once more: the skipped
   * one disturbs no later reply (CLAMATOR-REPLY-09), and the last that it saw is that.
   */
  readonly unusable: readonly string[];
  readonly connection: number;
  /** Of the read. */
  readonly n: number;
}

function isUsable({ envelope }: Entry): boolean {
  return isPlainObject(envelope?.value);
}
