import { array, bulk, error, integer, type RespValue, simple } from '../../../../protocols/carriers/resp/value.ts';
import { Refusal, syntaxError } from '../refusal.ts';
import { fields, OK, type Reply } from '../reply.ts';
import type { Call, Outcome, Settings } from '../state.ts';
import { VERSION } from '../version.ts';
import { bytes, int64, raw, upper } from '../words.ts';

/** INFO: the lines of it that people ask for when they choose a Redis. */
export function info({ args, state, now }: Call): Outcome {
  const sections: Readonly<Record<string, readonly string[]>> = {
    Server: [`redis_version:${VERSION}`, 'redis_mode:standalone', `uptime_in_seconds:${Math.floor((now - state.startedAt) / 1000)}`],
    Clients: [`connected_clients:${state.connections.size}`, `blocked_clients:${state.waiting.size}`],
    Stats: [`total_connections_received:${state.made}`, `total_commands_processed:${state.commands}`],
    Replication: [`role:${state.master === undefined ? 'master' : 'slave'}`, 'connected_slaves:0'],
    Cluster: ['cluster_enabled:0'],
    Keyspace: state.databases.flatMap((keys, i) => {
      const count = keys.names(now).length;
      return count === 0 ? [] : [`db${i}:keys=${count},expires=0,avg_ttl=0`];
    }),
  };
  const asked = args.slice(1).map(upper);
  const isAll = asked.length === 0 || asked.some((each) => ['ALL', 'DEFAULT', 'EVERYTHING'].includes(each));
  const shown = Object.entries(sections).filter(([name]) => isAll || asked.includes(name.toUpperCase()));
  const text = shown.map(([name, lines]) => [`# ${name}`, ...lines, ''].join('\r\n')).join('\r\n');
  return { type: 'verbatim', format: 'txt', data: bytes(text) };
}

/** COMMAND: says nothing of commands. Clients that ask for it go by what they know themselves. */
export const command = (): RespValue => array([]);

/** COMMAND COUNT */
export const commandCount = (): RespValue => integer(0);

/** TIME: seconds, and microseconds of the second that has begun. */
export function time({ now }: Call): Outcome {
  const word = (value: number): RespValue => ({ type: 'bulk', data: bytes(String(value)) });
  return array([word(Math.floor(now / 1000)), word((now % 1000) * 1000)]);
}

/** What the units of memory stand for. */
const UNITS: Readonly<Record<string, number>> = { '': 1, B: 1, K: 1000, KB: 1024, M: 1e6, MB: 1024 ** 2, G: 1e9, GB: 1024 ** 3 };

/** Reads the value of each setting; a text says what is wrong with one. */
const READ: { readonly [K in keyof Settings]: (text: string) => number | string } = {
  maxmemory(text) {
    const [, digits = '', unit = ''] = /^(\d+)([a-z]*)$/i.exec(text) ?? [];
    const factor = Object.hasOwn(UNITS, unit.toUpperCase()) ? UNITS[unit.toUpperCase()] : undefined;
    return digits === '' || factor === undefined ? 'argument must be a memory value' : Number(digits) * factor;
  },
  'min-replicas-to-write'(text) {
    const value = int64(text);
    if (value === undefined) return "argument couldn't be parsed into an integer";
    return value < 0n || value > 2n ** 31n - 1n ? 'argument must be between 0 and 2147483647 inclusive' : Number(value);
  },
};

const isSetting = (name: string): name is keyof Settings => Object.hasOwn(READ, name);

/** CONFIG GET: those of these settings that the model has, each as it was asked for. */
export function configGet({ args, state }: Call): Outcome {
  const asked = args.slice(2).map(raw);
  return fields(
    asked.flatMap((as): [string, Reply][] => {
      const name = as.toLowerCase();
      return isSetting(name) ? [[as, bulk(String(state.settings[name]))]] : [];
    }),
  );
}

/** CONFIG SET: all of them or none. */
export function configSet({ args, state }: Call): Outcome {
  if (args.length % 2 !== 0) throw syntaxError();
  const read: [keyof Settings, number][] = [];
  for (let i = 2; i < args.length; i += 2) {
    const name = raw(args[i] ?? new Uint8Array(0)).toLowerCase();
    if (!isSetting(name))
      throw new Refusal(`ERR Unknown option or number of arguments for CONFIG SET - '${raw(args[i] ?? new Uint8Array(0))}'`);
    const value = READ[name](raw(args[i + 1] ?? new Uint8Array(0)));
    if (typeof value === 'string') throw new Refusal(`ERR CONFIG SET failed (possibly related to argument '${name}') - ${value}`);
    read.push([name, value]);
  }
  for (const [name, value] of read) state.settings[name] = value;
  return OK;
}

/** REPLICAOF: it takes no writes any more, and whoever waits is told and sent away; of NO ONE: it does again, with all that it keeps. */
export function replicaOf({ args, state }: Call): Outcome {
  const [host, port] = [raw(args[1] ?? new Uint8Array(0)), raw(args[2] ?? new Uint8Array(0))];
  if (host.toUpperCase() === 'NO' && port.toUpperCase() === 'ONE') {
    state.master = undefined;
    return OK;
  }
  const number = int64(port);
  if (number === undefined || number < 0n || number > 65_535n) throw new Refusal('ERR Invalid master port');
  if (state.master === `${host} ${port}`) return simple('OK Already connected to specified master');
  state.master = `${host} ${port}`;
  const told = error(bytes('UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)'));
  return { type: 'ends', reply: OK, ended: [...state.waiting].map((connection) => ({ connection, told })) };
}
