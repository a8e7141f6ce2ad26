import { type RespValue, textOf } from '../../protocols/carriers/resp/value.ts';

/** Oldest version that has every command that is needed (XAUTOCLAIM). */
export const OLDEST = [6, 2] as const;

/** What was heard of something that may be a Redis; undefined where nothing came. */
export interface Heard {
  readonly hello: RespValue | undefined;
  readonly info: RespValue | undefined;
  /** Why nothing came. */
  readonly gone?: string;
}

/** A Redis that can be used, by its version; or why it cannot, as the predicate of a sentence: `needs a password`. */
export type Kind = { readonly ok: true; readonly version: string } | { readonly ok: false; readonly problem: string };

/** Tells from what HELLO and INFO are answered whether a Redis can be used: not a cluster, not a replica, and from 6.2 on. */
export function kindOf({ hello, info, gone }: Heard): Kind {
  for (const answer of [hello, info]) {
    const refused = refusalIn(answer);
    if (refused !== undefined) return no(refused);
  }
  const facts = new Map([...linesOf(info), ...pairsOf(hello)]);
  const version = facts.get('version') ?? facts.get('redis_version');
  const said = info?.type === 'error' ? `: ${textOf(info)}` : '';
  if (version === undefined) return no(`is no Redis: ${gone ?? `it says no version${said}`}`);
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (!(major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]))) {
    return no(`is Redis ${version}, which is too old; it takes ${OLDEST.join('.')} or newer`);
  }
  const mode = facts.get('mode') ?? facts.get('redis_mode');
  if (mode === 'cluster' || facts.get('cluster_enabled') === '1')
    return no('is a cluster, in which keys lie apart; it takes a single Redis');
  if (mode === 'sentinel') return no('is a sentinel, which keeps no keys; it takes the Redis that it watches');
  const role = facts.get('role');
  if (role === 'slave' || role === 'replica') return no('is a replica, which takes no writes; it takes its master');
  return { ok: true, version };
}

const no = (problem: string): Kind => ({ ok: false, problem });

/** What errors mean that say that nothing will work. An unknown HELLO means an old Redis, which INFO tells of. */
function refusalIn(answer: RespValue | undefined): string | undefined {
  if (answer?.type !== 'error') return undefined;
  const text = textOf(answer) ?? '';
  const [code] = text.split(' ');
  switch (code) {
    case 'NOAUTH':
      return 'needs a password, which the ends of a run do not have; it takes a Redis without one';
    case 'NOPERM':
      return `does not let this user in: ${text}`;
    case 'LOADING':
      return 'is still loading its data';
    case 'BUSY':
      return `has no time: ${text}`;
    case 'MASTERDOWN':
      return `is a replica, and its master is away: ${text}`;
    default:
      return /^DENIED|max number of clients/.test(text) ? `turns connections away: ${text}` : undefined;
  }
}

/** The lines of INFO: `redis_version:7.0.15`. */
function linesOf(info: RespValue | undefined): [string, string][] {
  const text = info === undefined || info.type === 'error' ? '' : (textOf(info) ?? '');
  return text.split(/\r?\n/).flatMap((line): [string, string][] => {
    const colon = line.indexOf(':');
    return colon < 0 || line.startsWith('#') ? [] : [[line.slice(0, colon), line.slice(colon + 1)]];
  });
}

/** What HELLO says, a map or a list of keys and values. */
function pairsOf(hello: RespValue | undefined): [string, string][] {
  const flat = hello?.type === 'map' ? hello.entries.flat() : hello?.type === 'array' ? hello.items : [];
  return flat.flatMap((key, i): [string, string][] => {
    const [name, value] = [textOf(key), textOf(flat[i + 1] ?? key)];
    return i % 2 === 0 && name !== undefined && value !== undefined ? [[name, value]] : [];
  });
}
