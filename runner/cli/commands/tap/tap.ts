import { dirname, resolve } from 'node:path';
import pc from 'picocolors';
import { bindingNames } from '../../../../protocols/common/binding.ts';
import type { Instance } from '../../../../protocols/common/instance.ts';
import { jsonText, oneLine, plain } from '../../../../protocols/common/plain.ts';
import type { Protocol } from '../../../../protocols/common/protocol.ts';
import { shellWord } from '../../../../reporters/console/shell-word.ts';
import type { LiveHead } from '../../../../viewer/live.ts';
import { writeWholeLater } from '../../../files/write.ts';
import { packageVersion } from '../../../package-root.ts';
import type { Recording } from '../../../results/trace-record.ts';
import { readFault } from '../../../tap/faults.ts';
import { breachJson, eventJson } from '../../../tap/json-line.ts';
import { KEY_FAULTS } from '../../../tap/key-faults.ts';
import { type LiveFeed, startFeed } from '../../../tap/live-feed.ts';
import { breachesBuild, type Counts } from '../../../tap/outcome.ts';
import { followChoice, selects } from '../../../tap/selection.ts';
import { summaryLines, summaryOf } from '../../../tap/summary.ts';
import { startTap, type Tap, type TapListener } from '../../../tap/tap.ts';
import { breachLines, diallerName, eventLine, type Telling } from '../../../tap/tell.ts';
import { tapLines } from '../../../tap/trace-file.ts';
import { EXIT } from '../../exit.ts';
import { awaitEnding } from '../../interrupt.ts';
import { bindingOf, type Loaded, loadServices, withProfile } from '../../load.ts';
import { makeOutputFolder, mustBeWritable } from '../../output-folder.ts';
import { terminalOutput } from '../../terminal.ts';
import { cannotTap, carrierOf, diallersOf, faultOf, mustHavePorts, portsOf, selectionOf, timersOf, upstreamOf } from './asked.ts';
import { keyHelp, readKeys } from './keys.ts';
import { startLivePage } from './live-page.ts';
import type { TapOptions } from './options.ts';
import { startScreen } from './screen.ts';

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
  const faults = (options.fault ?? []).map((text) => faultOf(text, protocol, carrier));
  const tells = selects(protocol, selectionOf(options, protocol));
  const choice = followChoice(protocol);
  if (options.output !== undefined) {
    makeOutputFolder(dirname(resolve(options.output)));
    // Told before all that is to be in it, and not after.
    mustBeWritable(options.output);
  }
  const terminal = terminalOutput(process.stdout, process.env);
  const requirementOf = (id: string) => corpus.requirements.get(id);
  const diallers = diallersOf(protocol, options);
  mustHavePorts(options.listen, diallers);
  const dialledBy = new Map<number, Instance>();
  const telling: Telling = {
    protocol,
    masker: secrets.masker,
    colours: pc.createColors(terminal.colours),
    columns: terminal.columns,
    requirementOf,
    diallerOf: (connection) => dialledBy.get(connection),
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
    return { protocol, binding: guess.taken(), masker: secrets.masker, whereabouts: recorder.whereaboutsOf };
  };
  const listener: TapListener = {
    event(event) {
      if (event.type === 'sent') counts.frames += 1;
      if (event.type === 'fault') feed?.fault(event);
      if (event.type === 'opened') counts.connections += 1;
      if (event.type === 'opened' && event.dialler !== undefined) dialledBy.set(event.connection, event.dialler);
      counts.ms = event.t;
      const isFrame = event.type === 'sent' || event.type === 'delivered';
      const chosen = tells(event);
      choice.passed(event, chosen);
      if (!chosen || (!frames && event.type !== 'fault')) return;
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
      diallers,
      requirementOf,
      timers: timersOf(options.timer ?? [], protocol),
      secrets,
      onDisk: options.disk * 1024 * 1024,
      seed: Date.now() % 0x7fff_ffff,
    },
    listener,
  ).catch((error: unknown) => {
    throw cannotTap(options.listen, diallers, error);
  });
  const feed: LiveFeed | undefined = options.ui ? startFeed({ protocol, tap, counts, masker: secrets.masker, requirementOf }) : undefined;
  const arm = (text: string): void => tap.fault(readFault(text, protocol.wirePattern).fault);
  const offered = [...KEY_FAULTS, ...faults].map((each) => ({ text: each.text, ...('says' in each ? { says: each.says } : {}) }));
  const page =
    feed === undefined
      ? undefined
      : await startLivePage(feed, liveHead(tap, loaded, options), { offered, strike: arm, lift: tap.lift }, options);
  const attempt = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      say(`${plain(error instanceof Error ? error.message : String(error))}\n`);
    }
  };
  const strike = (text: string): void => attempt(() => arm(text));
  for (const { text, waits } of faults) if (waits) strike(text);
  const ended = endOf(tap, process);
  const keys =
    process.stdin.isTTY === true && !options.json
      ? readKeys(process.stdin, faults, {
          fault: strike,
          armed: tap.armed,
          lift: (id) => attempt(() => tap.lift(id)),
          say,
          masker: secrets.masker,
          toggleFrames: () => {
            frames = !frames;
            say(frames ? 'frames are told again\n' : 'frames are told no more; space tells them again\n');
          },
          summary: () => say(summaryLines(tap.tally(), counts, telling, strict)),
          help: () => say(keyHelp(faults)),
          end: ended.now,
          typing: (line) => screen.typing(line),
        })
      : undefined;
  say(greeting(tap, protocol, options, keys !== undefined));
  const idle = keys === undefined ? faults.filter(({ waits }) => !waits) : [];
  for (const { text } of idle)
    say(`${telling.colours.yellow(oneLine(`--fault '${text}' never strikes: it waits for its key, and no terminal is here`))}\n`);
  if (page !== undefined) say(`follow it at ${page.url}\n`);
  const why = await ended.over;
  keys?.();
  await tap.close();
  await page?.close();
  counts.ms = Math.max(counts.ms, tap.now());
  if (options.json) screen.write(`${jsonText(summaryOf(tap.tally(), counts, requirementOf))}\n`);
  else screen.write(summaryLines(tap.tally(), counts, telling, strict));
  const unheard = choice.nothing();
  if (unheard !== undefined) say(`${telling.colours.yellow(oneLine(unheard))}\n`);
  screen.flush();
  if (options.output !== undefined) say(await writeTrace(options.output, tap, protocol));
  screen.flush();
  tap.release();
  if (why !== undefined) throw why;
  return breachesBuild(tap.tally(), strict) ? EXIT.findings : EXIT.ok;
}

/** What a page begins with. It goes by no output that masks, so that the password of an address is masked here. */
function liveHead(tap: Tap, { protocol, corpus }: Loaded, { upstream, secrets }: TapOptions): Omit<LiveHead, 'faults'> {
  const words = [...corpus.requirements.values()].map(({ id, level, role, source, text }) => [id, { level, role, source, text }] as const);
  const ways =
    tap.ways.length === 0
      ? [{ who: 'clients', url: dialled(tap.port, upstream) }]
      : tap.ways.map(({ dialler, port }) => ({ who: diallerName(dialler), url: dialled(port, upstream) }));
  return secrets.masker.said({ title: protocol.title, ways, upstream, requirements: Object.fromEntries(words) });
}

/** The address that clients dial instead of the server's. */
function dialled(port: number, upstream: string): string {
  const url = new URL(upstream);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return url.href;
}

function greeting(tap: Tap, protocol: Protocol, { upstream, listen, disk, fault = [] }: TapOptions, keys: boolean): string {
  const how = tap.guess.told ? `binding ${tap.guess.taken()}` : 'binding guessed from the first message';
  const held = fault.length === 0 ? '' : `\n${fault.map((text, i) => `${i + 1} ${text}`).join('\n')}`;
  const known = `${how}; ${disk} MiB of older frames are kept`;
  const ways = tap.ways.map(({ dialler, port }) => `  ${diallerName(dialler).padEnd(10)} ${dialled(port, upstream)}`);
  const taken = listen === 0 ? '' : ` (${portsOf(listen, ways.length)})`;
  const dial =
    ways.length === 0
      ? `dial ${dialled(tap.port, upstream)} instead of ${plain(upstream)}; ${known}`
      : `instead of ${plain(upstream)} dial, each at its own address${taken}:\n${ways.join('\n')}\n${known}`;
  return `${protocol.title}: ${dial}
${keys ? 'Ctrl-C ends it, ? tells the keys' : 'Ctrl-C ends it'}${held}\n`;
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

async function writeTrace(file: string, tap: Tap, protocol: Protocol): Promise<string> {
  await writeWholeLater(file, linesOf(tap, protocol));
  const gone = tap.recorder.first === 0 ? '' : `; the ${tap.recorder.first} oldest events were gone`;
  return `the trace is in ${oneLine(file)}${gone}: npx weir view ${shellWord(file)}, weir check, weir export\n`;
}

function* linesOf(tap: Tap, protocol: Protocol): Generator<string> {
  for (const line of tapLines(tap, protocol, packageVersion(), tap.masker())) yield `${jsonText(line)}\n`;
}
