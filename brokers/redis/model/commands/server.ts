import { array, integer, type RespValue } from '../../../../protocols/carriers/resp/value.ts';
import type { Call, Outcome } from '../state.ts';
import { VERSION } from '../version.ts';
import { bytes, upper } from '../words.ts';

/** INFO: the lines of it that people ask for when they choose a Redis. */
export function info({ args, state, now }: Call): Outcome {
  const sections: Readonly<Record<string, readonly string[]>> = {
    Server: [`redis_version:${VERSION}`, 'redis_mode:standalone', `uptime_in_seconds:${Math.floor((now - state.startedAt) / 1000)}`],
    Clients: [`connected_clients:${state.connections.size}`, `blocked_clients:${state.waiting.size}`],
    Stats: [`total_connections_received:${state.made}`, `total_commands_processed:${state.commands}`],
    Replication: ['role:master', 'connected_slaves:0'],
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
