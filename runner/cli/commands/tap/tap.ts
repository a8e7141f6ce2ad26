import { writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import pc from 'picocolors';
import { bindingNames, bindingOf as carried } from '../../../../protocols/common/binding.ts';
import type { Carrier } from '../../../../protocols/common/carrier.ts';
import type { Party } from '../../../../protocols/common/frame.ts';
import { type Instance, instanceName, MAIN } from '../../../../protocols/common/instance.ts';
import { jsonText, oneLine, plain, REDRAW } from '../../../../protocols/common/plain.ts';
import type { Protocol } from '../../../../protocols/common/protocol.ts';
import type { Profile } from '../../../../protocols/common/requirement.ts';
import { shellWord } from '../../../../reporters/console/shell-word.ts';
import type { LiveHead } from '../../../../viewer/live.ts';
import { firstIssue } from '../../../bundles/records.ts';
import { suggestion } from '../../../cases/suggest.ts';
import { LONGEST_TIMER_MS } from '../../../longest-timer.ts';
import { packageVersion } from '../../../package-root.ts';
import type { Recording } from '../../../results/trace-record.ts';
import { readFault, type TypedFault } from '../../../tap/faults.ts';
import { breachJson, eventJson } from '../../../tap/json-line.ts';
import { type LiveFeed, startFeed } from '../../../tap/live-feed.ts';
import { breachesBuild, type Counts } from '../../../tap/outcome.ts';
import { selects } from '../../../tap/selection.ts';
import { summaryLines, summaryOf } from '../../../tap/summary.ts';
import { startTap, type Tap, type TapListener } from '../../../tap/tap.ts';
import { breachLines, eventLine, type Telling } from '../../../tap/tell.ts';
import { tapLines } from '../../../tap/trace-file.ts';
import { readTyped } from '../../../tap/typed.ts';
import { serverAddress } from '../../../worlds/real/server-address.ts';
import { EXIT, UsageError } from '../../exit.ts';
import { awaitEnding } from '../../interrupt.ts';
import { bindingOf, type Loaded, loadServices, withProfile } from '../../load.ts';
import type { SecretOptions } from '../../masked-output.ts';
import { makeOutputFolder, mustBeWritable } from '../../output-folder.ts';
import { terminalOutput } from '../../terminal.ts';
import { cannotListen } from '../serve/serve.ts';
import { keyHelp, readKeys } from './keys.ts';
import { startLivePage } from './live-page.ts';

/** Options of `weir tap`. */
export interface TapOptions extends SecretOptions {
  readonly upstream: string;
  readonly listen: number;
  readonly clients?: number;
  readonly servers?: number;
  readonly binding?: string;
  readonly timer?: readonly string[];
  readonly json: boolean;
  readonly quiet: boolean;
  readonly kind?: readonly string[];
  readonly stream?: readonly string[];
  readonly from?: Party;
  readonly frame?: string;
  readonly fault?: readonly string[];
  readonly ui: boolean;
  readonly uiPort: number;
  readonly open: boolean;
  readonly output?: string;
  /** MiB. */
  readonly disk: number;
  readonly strict: boolean;
  readonly profile?: Profile;
  readonly allowRemote: boolean;
}

/** Bytes of lines that are written at once. */
const AT_ONCE = 64 * 1024;

/** How often it is looked whether frames still pass, ms. */
const HEALTH_MS = 500;

/** `weir tap <protocol>`: between programs that know nothing of Weir, until it is interrupted. Gives the exit code. */
export async function tapCommand(name: string | undefined, options: TapOptions): Promise<number> {
  const loaded = withProfile(await loadServices(name), options.profile);
  const { protocol, corpus } = loaded;
  const { secrets, strict } = options;
  const binding = options.binding === undefined ? undefined : bindingOf(options.binding, bindingNames(protocol));
  const carrier = carrierOf(options.upstream, protocol, binding);
  const upstream = upstreamOf(options.upstream, carrier, options.allowRemote);
  const faults = (options.fault ?? []).map((text) => faultOf(text, protocol));
  const tells = selects(protocol, {
    kinds: options.kind ?? [],
    streams: options.stream ?? [],
    from: options.from,
    pattern: options.frame === undefined ? undefined : patternOf(options.frame, protocol),
  });
  if (options.output !== undefined) {
    makeOutputFolder(dirname(resolve(options.output)));
    // Told before all that is to be in it, and not after.
    mustBeWritable(options.output);
  }
  const terminal = terminalOutput(process.stdout, process.env);
  const requirementOf = (id: string) => corpus.requirements.get(id);
  const diallers = new Map<number, Instance>();
  const telling: Telling = {
    protocol,
    masker: secrets.masker,
    colours: pc.createColors(terminal.colours),
    columns: terminal.columns,
    requirementOf,
    diallerOf: (connection) => diallers.get(connection),
  };
  const counts: { -readonly [K in keyof Counts]: Counts[K] } = { frames: 0, connections: 0, ms: 0 };
  const screen = startScreen(terminal.interactive);
  let frames = !options.quiet;
  const say = (text: string): void => {
    if (options.json) process.stderr.write(text);
    else screen.write(text);
  };
  const recording = (): Recording => {
    const { guess, recorder } = tap;
    return { protocol, binding: guess.taken(), masker: secrets.masker, whereabouts: recorder.whereabouts };
  };
  const listener: TapListener = {
    event(event) {
      if (event.type === 'sent') counts.frames += 1;
      if (event.type === 'opened') counts.connections += 1;
      if (event.type === 'opened' && event.dialler !== undefined) diallers.set(event.connection, event.dialler);
      counts.ms = event.t;
      const isFrame = event.type === 'sent' || event.type === 'delivered';
      if (!tells(event) || (!frames && event.type !== 'fault')) return;
      if (!options.json) screen.write(eventLine(event, telling) ?? '');
      else if (!isFrame || event.type === 'sent' || event.altered || event.of === undefined) {
        screen.write(eventJson(event, recording()));
      }
    },
    breach(breach) {
      feed?.breach(breach);
      screen.write(options.json ? breachJson(breach, requirementOf, recording()) : breachLines(breach, telling));
    },
    binding: (guessed) => say(`binding ${guessed}, guessed from the first message; --binding says otherwise\n`),
    unreachable: (why) => say(`${telling.colours.red('nothing listens')} at ${plain(options.upstream)} (${why})\n`),
  };
  const tap: Tap = await startTap(
    {
      protocol,
      carrier,
      binding,
      upstream,
      port: options.listen,
      diallers: diallersOf(protocol, options),
      requirementOf,
      timers: timersOf(options.timer ?? [], protocol),
      secrets,
      onDisk: options.disk * 1024 * 1024,
      seed: Date.now() % 0x7fff_ffff,
    },
    listener,
  ).catch((error: unknown) => {
    throw cannotListen(options.listen, error);
  });
  const feed: LiveFeed | undefined = options.ui ? startFeed({ protocol, tap, counts, masker: secrets.masker, requirementOf }) : undefined;
  const page = feed === undefined ? undefined : await startLivePage(feed, liveHead(tap, loaded, options), options);
  const strike = (text: string): void => {
    try {
      tap.fault(readFault(text, protocol.wirePattern).fault);
    } catch (error) {
      say(`${plain(error instanceof Error ? error.message : String(error))}\n`);
    }
  };
  for (const { text, waits } of faults) if (waits) strike(text);
  const ended = endOf(tap, process);
  const keys =
    process.stdin.isTTY === true && !options.json
      ? readKeys(process.stdin, faults, {
          fault: strike,
          toggleFrames: () => {
            frames = !frames;
            say(frames ? 'frames are told again\n' : 'frames are told no more; space tells them again\n');
          },
          summary: () => say(summaryLines(tap.tally(), counts, telling, strict)),
          help: () => say(keyHelp(faults)),
          end: ended.now,
          typing: (text) => screen.typing(text === undefined ? undefined : `fault: ${text}`),
        })
      : undefined;
  say(greeting(tap, protocol, options, keys !== undefined));
  if (page !== undefined) say(`follow it at ${page.url}\n`);
  const why = await ended.over;
  keys?.();
  await tap.close();
  await page?.close();
  counts.ms = Math.max(counts.ms, tap.now());
  if (options.json) screen.write(`${jsonText(summaryOf(tap.tally(), counts, requirementOf))}\n`);
  else screen.write(summaryLines(tap.tally(), counts, telling, strict));
  screen.flush();
  if (options.output !== undefined) say(await writeTrace(options.output, tap, protocol));
  screen.flush();
  tap.release();
  if (why !== undefined) throw why;
  return breachesBuild(tap.tally(), strict) ? EXIT.findings : EXIT.ok;
}

/** Who dials where a broker stands between the ends. What each is to the others is told by where it dials. */
function diallersOf(protocol: Protocol, { clients, servers }: TapOptions): Instance[] {
  if (protocol.broker === undefined) {
    if (clients === undefined && servers === undefined) return [];
    throw new UsageError(
      `--clients and --servers are for protocols whose ends dial a broker; in ${protocol.title} clients dial the server`,
    );
  }
  const named = (role: Instance['role'], count: number): Instance[] =>
    Array.from({ length: count }, (_, i) => ({ role, instance: i === 0 ? MAIN : `${role}-${i + 1}` }));
  return [...named('client', clients ?? 1), ...named('server', servers ?? 1)];
}

function liveHead(tap: Tap, { protocol, corpus }: Loaded, { upstream }: TapOptions): LiveHead {
  const words = [...corpus.requirements.values()].map(({ id, level, role, source, text }) => [id, { level, role, source, text }] as const);
  return { title: protocol.title, listens: dialled(tap.port, upstream), upstream, requirements: Object.fromEntries(words) };
}

/** The address that clients dial instead of the server's. */
function dialled(port: number, upstream: string): string {
  const url = new URL(upstream);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return url.href;
}

function greeting(tap: Tap, protocol: Protocol, { upstream, disk, fault = [] }: TapOptions, keys: boolean): string {
  const how = tap.guess.told ? `binding ${tap.guess.taken()}` : 'binding guessed from the first message';
  const held = fault.length === 0 ? '' : `\n${fault.map((text, i) => `${i + 1} ${text}`).join('\n')}`;
  const known = `${how}; ${disk} MiB of older frames are kept`;
  const ways = tap.ways.map(({ dialler, port }) => `  ${instanceName(dialler).padEnd(10)} ${dialled(port, upstream)}`);
  const dial =
    ways.length === 0
      ? `dial ${dialled(tap.port, upstream)} instead of ${plain(upstream)}; ${known}`
      : `instead of ${plain(upstream)} dial, each at its own address:\n${ways.join('\n')}\n${known}`;
  return `${protocol.title}: ${dial}
${keys ? 'Ctrl-C ends it, ? tells the keys' : 'Ctrl-C ends it'}${held}\n`;
}

/** Lines on their way to the standard output: gathered, and with a line that is being typed below them. */
function startScreen(interactive: boolean) {
  let gathered: string[] = [];
  let size = 0;
  let typed: string | undefined;
  let waiting = false;
  const flush = (): void => {
    waiting = false;
    if (gathered.length === 0) return;
    const text = gathered.join('');
    gathered = [];
    size = 0;
    if (typed !== undefined && interactive) process.stdout.write(REDRAW);
    process.stdout.write(text);
    if (typed !== undefined && interactive) process.stdout.write(typed);
  };
  return {
    write(text: string): void {
      if (text === '') return;
      gathered.push(text);
      size += text.length;
      if (size >= AT_ONCE) flush();
      else if (!waiting) {
        waiting = true;
        setImmediate(flush);
      }
    },
    typing(text: string | undefined): void {
      typed = text;
      if (interactive) process.stdout.write(`${REDRAW}${typed ?? ''}`);
    },
    flush,
  };
}

/** When a tap is over: asked for, or because it cannot go on, with the error. */
function endOf(tap: Tap, host: Parameters<typeof awaitEnding>[0]): { readonly over: Promise<Error | undefined>; now(): void } {
  let now = (_error?: Error): void => {};
  const over = new Promise<Error | undefined>((done) => {
    now = done;
  });
  const ending = awaitEnding(host);
  void ending.over.then(() => now());
  const health = setInterval(() => {
    const failure = tap.failure();
    if (failure !== undefined) now(failure);
  }, HEALTH_MS);
  const done = (): void => {
    clearInterval(health);
    ending.forget();
  };
  return { over: over.finally(done), now: () => now() };
}

/** What carries the programs' words: the binding says it, or the scheme of where they go. */
function carrierOf(url: string, protocol: Protocol, binding: string | undefined): Carrier {
  if (binding !== undefined) return carried(protocol, binding).carrier;
  const { scheme } = /^(?<scheme>[a-z][a-z0-9+.-]*):/.exec(url)?.groups ?? {};
  const [first] = protocol.bindings;
  const found = protocol.bindings.find(({ carrier }) => carrier.scheme === scheme) ?? first;
  if (found === undefined) throw new UsageError(`${protocol.title} has no binding`);
  return found.carrier;
}

function upstreamOf(url: string, carrier: Carrier, allowRemote: boolean) {
  const read = serverAddress(url, carrier, allowRemote);
  if (!read.ok) throw new UsageError(`--upstream: ${read.why}`);
  return { ...read.address, authority: new URL(url).host };
}

function faultOf(text: string, protocol: Protocol): TypedFault {
  try {
    return readFault(text, protocol.wirePattern);
  } catch (error) {
    throw new UsageError(`--fault: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function patternOf(text: string, { wirePattern }: Protocol): unknown {
  const parsed = wirePattern.safeParse(typedFrame(text));
  if (!parsed.success) throw new UsageError(`--frame: ${firstIssue(parsed.error)}`);
  return parsed.data;
}

function typedFrame(text: string): unknown {
  try {
    return readTyped('--frame', text);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function timersOf(texts: readonly string[], { timers }: Protocol): Readonly<Record<string, number>> {
  return Object.fromEntries(
    texts.map((text) => {
      const [name = '', value = ''] = text.split('=', 2);
      if (!Object.hasOwn(timers, name))
        throw new UsageError(`--timer: unknown timer \`${name}\`; ${suggestion(name, Object.keys(timers), 'timers')}`);
      if (!(Number(value) > 0 && Number(value) <= LONGEST_TIMER_MS))
        throw new UsageError(`--timer takes name=ms, at most ${LONGEST_TIMER_MS} ms, not ${JSON.stringify(text)}`);
      return [name, Number(value)];
    }),
  );
}

async function writeTrace(file: string, tap: Tap, protocol: Protocol): Promise<string> {
  try {
    await writeFile(file, linesOf(tap, protocol));
  } catch (error) {
    throw new UsageError(`cannot write ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const gone = tap.recorder.first === 0 ? '' : `; the ${tap.recorder.first} oldest events were gone`;
  return `the trace is in ${oneLine(file)}${gone}: npx weir view ${shellWord(file)}, weir check, weir export\n`;
}

function* linesOf(tap: Tap, protocol: Protocol): Generator<string> {
  for (const line of tapLines(tap, protocol, packageVersion(), tap.masker())) yield `${jsonText(line)}\n`;
}
