import { InvalidArgumentError, Option } from 'commander';
import { LONGEST_TIMER_MS } from '../longest-timer.ts';
import { AMOUNTS } from '../plan/amount.ts';
import { parseShard, type Shard } from '../plan/narrow.ts';

// Options that several commands have, and readers of what is typed after one. Readers throw an `InvalidArgumentError`.

/** `--protocol` */
export const protocolOption = (): Option =>
  new Option('--protocol <name>', 'protocol (default: the implementation’s, or what the cases’ ids begin with, or river)');

/** `--role` */
export const roleOption = (): Option => new Option('--role <role...>', 'only with this role under test').choices(['client', 'server']);

/** `--binding`, or `--codec` as it was called when every binding was one */
export const bindingOption = (): Option => new Option('--codec, --binding <binding...>', 'only under these bindings');

/** The same for a command that does one thing. */
export const oneBindingOption = (usual = 'its first binding'): Option =>
  new Option('--codec, --binding <binding>', `how the protocol is carried (default: ${usual})`);

/** `--tag` */
export const tagOption = (): Option =>
  new Option('--tag <tag...>', 'only cases with one of these tags, and with none that is written !tag');

/** `--requirement` */
export const requirementOption = (): Option =>
  new Option('--requirement <id...>', 'only cases of one of these requirements, e.g. RIVER-HS-03');

/** `--axes`; `usual`: the default in words. */
export const axesOption = (usual: string): Option =>
  new Option(
    '--axes <amount>',
    `how much of the combinations of cases with axes: full, pairwise (any two values together), smoke (each value once); default: ${usual}`,
  ).choices(AMOUNTS);

/** `--strict` */
export const strictOption = (): Option => new Option('--strict', 'broken SHOULD and IMPL rules fail instead of warning').default(false);

/** `--profile` */
export const profileOption = (): Option =>
  new Option(
    '--profile <side>',
    'on disputed rules: what the specification says, or what the official implementation does; else what breaks one is a question',
  ).choices(['spec', 'official']);

/** `--allow-remote` */
export const allowRemoteOption = (): Option =>
  new Option('--allow-remote', 'a server under test may be elsewhere than on the loopback of this machine').default(false);

/** `--redact` */
export const redactOption = (): Option =>
  new Option(
    '--redact <key...>',
    'keys (of metadata, values, settings, variables) whose values are secret, beside those whose names say so',
  );

/** `--show-secrets` */
export const showSecretsOption = (): Option =>
  new Option('--show-secrets', 'mask nothing in reports, traces, bundles and on the terminal').default(false);

/** `--time-scale` */
export const timeScaleOption = (): Option =>
  new Option('--time-scale <factor>', 'real ms per nominal ms of the protocol’s timers').argParser(timeScale).default(0.2);

/** `--redis-url` */
export const redisUrlOption = (): Option =>
  new Option(
    '--redis-url <url>',
    'the Redis between the ends of protocols that have one (default: redis-server, started for the run); nothing but keys of our own is touched',
  );

/** `--seed` */
export const seedOption = (): Option => new Option('--seed <number>', 'seed of all randomness; printed by every run').argParser(integer);

/** A whole number, 0 or more. */
export function integer(text: string): number {
  return wholeFrom(0, text);
}

/** A whole number, 1 or more. */
export function atLeastOne(text: string): number {
  return wholeFrom(1, text);
}

/** A port; 0 is a free one. */
export function port(text: string): number {
  const value = integer(text);
  if (value > 65_535) throw new InvalidArgumentError('expected a port, 0 to 65535');
  return value;
}

/** How many take part: each is given a port of its own. */
export function partners(text: string): number {
  const value = atLeastOne(text);
  if (value > MOST_PARTNERS) throw new InvalidArgumentError(`expected at most ${MOST_PARTNERS}`);
  return value;
}

/** Most clients, and most servers, that a tap listens for. */
const MOST_PARTNERS = 256;

/** A number above 0. */
export function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError('expected a number above 0');
  return value;
}

/** Ms that a timer can be set to, above 0. */
export function timerMs(text: string): number {
  const value = positive(text);
  if (value > LONGEST_TIMER_MS) throw new InvalidArgumentError(`expected at most ${LONGEST_TIMER_MS} ms`);
  return value;
}

/** A factor at which the protocol's timers are neither shorter than what machines can keep nor longer than timers can be. */
export function timeScale(text: string): number {
  const value = positive(text);
  if (value < 0.001 || value > 1000) throw new InvalidArgumentError('expected a number from 0.001 to 1000');
  return value;
}

/** One of so many parts, as in `2/5`. */
export function shard(text: string): Shard {
  try {
    return parseShard(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}

function wholeFrom(least: number, text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least) throw new InvalidArgumentError(`expected a whole number, ${least} or more`);
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError(`expected at most ${Number.MAX_SAFE_INTEGER}`);
  return value;
}
