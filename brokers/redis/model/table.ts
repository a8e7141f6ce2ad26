import * as clients from './commands/clients.ts';
import * as connection from './commands/connection.ts';
import * as keys from './commands/keys.ts';
import * as server from './commands/server.ts';
import * as strings from './commands/strings.ts';
import * as transactions from './commands/transactions.ts';
import { xack } from './commands/xack.ts';
import { xadd, xtrim } from './commands/xadd.ts';
import { xautoclaim, xclaim } from './commands/xclaim.ts';
import * as xgroup from './commands/xgroup.ts';
import * as xinfo from './commands/xinfo.ts';
import { xpending } from './commands/xpending.ts';
import { xdel, xlen, xrange, xrevrange } from './commands/xrange.ts';
import { xread, xreadgroup } from './commands/xread.ts';
import type { Changes, Run } from './state.ts';

/** A command, or one of several that begin with the same word. */
export interface Entry {
  /** How many arguments it takes, its name counted; so many or more where negative. */
  readonly arity: number;
  /** It reaches beyond the keys that it names and its own connection. */
  readonly all?: true;
  readonly changes?: Changes;
  /** It is not queued in a transaction; `ends`: and is carried out even by a Redis that is full. */
  readonly unqueued?: 'runs' | 'ends';
  readonly run: Run;
}

/** Commands of which the second word says more. */
export interface Family {
  readonly of: Readonly<Record<string, Entry>>;
  /** Without a second word; absent where there must be one. */
  readonly alone?: Run;
}

/** Every command that the model knows. */
export const COMMANDS: Readonly<Record<string, Entry | Family>> = {
  XADD: { arity: -5, changes: 'grows', run: xadd },
  XTRIM: { arity: -4, changes: 'write', run: xtrim },
  XLEN: { arity: 2, run: xlen },
  XDEL: { arity: -3, changes: 'write', run: xdel },
  XRANGE: { arity: -4, run: xrange },
  XREVRANGE: { arity: -4, run: xrevrange },
  XREAD: { arity: -4, run: xread },
  XREADGROUP: { arity: -7, changes: 'write', run: xreadgroup },
  XACK: { arity: -4, changes: 'write', run: xack },
  XCLAIM: { arity: -6, changes: 'write', run: xclaim },
  XAUTOCLAIM: { arity: -6, changes: 'write', run: xautoclaim },
  XPENDING: { arity: -3, run: xpending },
  XGROUP: {
    of: {
      CREATE: { arity: -5, changes: 'grows', run: xgroup.create },
      SETID: { arity: -5, changes: 'write', run: xgroup.setId },
      DESTROY: { arity: 4, changes: 'write', run: xgroup.destroy },
      CREATECONSUMER: { arity: 5, changes: 'grows', run: xgroup.createConsumer },
      DELCONSUMER: { arity: 5, changes: 'write', run: xgroup.deleteConsumer },
    },
  },
  XINFO: {
    of: {
      STREAM: { arity: -3, run: xinfo.stream },
      GROUPS: { arity: 3, run: xinfo.groups },
      CONSUMERS: { arity: 4, run: xinfo.consumers },
    },
  },
  DEL: { arity: -2, changes: 'write', run: keys.del },
  UNLINK: { arity: -2, changes: 'write', run: keys.del },
  RENAME: { arity: 3, changes: 'write', run: keys.rename },
  RENAMENX: { arity: 3, changes: 'write', run: keys.renamenx },
  EXISTS: { arity: -2, run: keys.exists },
  TYPE: { arity: 2, run: keys.type },
  EXPIRE: { arity: -3, changes: 'write', run: keys.expire },
  PEXPIRE: { arity: -3, changes: 'write', run: keys.pexpire },
  TTL: { arity: 2, run: keys.ttl },
  PTTL: { arity: 2, run: keys.pttl },
  PERSIST: { arity: 2, changes: 'write', run: keys.persist },
  KEYS: { arity: 2, run: keys.keysLike },
  SCAN: { arity: -2, run: keys.scan },
  DBSIZE: { arity: 1, run: keys.dbsize },
  FLUSHDB: { arity: -1, changes: 'write', all: true, run: keys.flushdb },
  FLUSHALL: { arity: -1, changes: 'write', all: true, run: keys.flushall },
  GET: { arity: 2, run: strings.get },
  SET: { arity: -3, changes: 'grows', run: strings.set },
  PING: { arity: -1, run: connection.ping },
  ECHO: { arity: 2, run: connection.echo },
  SELECT: { arity: 2, run: connection.select },
  MULTI: { arity: 1, unqueued: 'runs', run: transactions.multi },
  EXEC: { arity: 1, unqueued: 'ends', run: transactions.exec },
  DISCARD: { arity: 1, unqueued: 'ends', run: transactions.discard },
  WATCH: { arity: -2, unqueued: 'runs', run: transactions.watch },
  UNWATCH: { arity: 1, run: transactions.unwatch },
  QUIT: { arity: -1, unqueued: 'ends', run: connection.quit },
  POST: { arity: -1, unqueued: 'ends', run: connection.hangUp },
  'HOST:': { arity: -1, unqueued: 'ends', run: connection.hangUp },
  AUTH: { arity: -2, run: connection.auth },
  HELLO: { arity: -1, run: connection.hello },
  CLIENT: {
    of: {
      SETNAME: { arity: 3, run: connection.setName },
      GETNAME: { arity: 2, run: connection.getName },
      ID: { arity: 2, run: connection.clientId },
      'NO-EVICT': { arity: 3, run: connection.noEvict },
      PAUSE: { arity: -3, all: true, run: clients.pause },
      UNPAUSE: { arity: 2, all: true, run: clients.unpause },
      KILL: { arity: -3, all: true, run: clients.kill },
    },
  },
  CONFIG: {
    of: { GET: { arity: -3, run: server.configGet }, SET: { arity: -4, all: true, run: server.configSet } },
  },
  REPLICAOF: { arity: 3, all: true, run: server.replicaOf },
  INFO: { arity: -1, run: server.info },
  TIME: { arity: 1, run: server.time },
  COMMAND: { of: { COUNT: { arity: 2, run: server.commandCount } }, alone: server.command },
};
