import { CONTROL_VERSION, type InitializeResult, initializeResult } from '../../protocols/common/control.ts';
import type { Role } from '../../protocols/common/frame.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import { disagreementOf, effectiveInfo, misshapen } from '../adapters/agreement.ts';
import type { Implementation } from '../adapters/manifest.ts';
import type { Exit } from '../adapters/process.ts';
import type { Reaper } from '../adapters/reaper.ts';
import { type Bench, type Broken, type Check, inWords, type Outcome, TIME_SCALE } from './check.ts';
import { clientChecks } from './client.ts';
import { ALL_ALONG, CONVERSATION, ENDINGS } from './conversation.ts';
import { brokeredServerChecks, serverChecks } from './server.ts';
import { startTalk, type Talk } from './talk.ts';

/** Lines of a conversation that are shown of a check that did not hold. */
const SHOWN = 8;

const STARTS = 'it starts and says what it is';

/** Where it is said what an adapter answers at first. */
const MESSAGES = 'Messages';

/** What an adapter is examined for. */
export interface Subject {
  readonly implementation: Implementation;
  readonly protocol: Protocol;
  /** Where the broker is that both ends dial; undefined where the protocol has none. */
  readonly brokerUrl: string | undefined;
}

/** Walks an adapter through the conversation, check by check, each told as soon as it is over; a process that a check ended is started again. */
export async function examine(
  { implementation, protocol, brokerUrl }: Subject,
  reaper: Reaper,
  tell: (outcome: Outcome) => void,
): Promise<InitializeResult | undefined> {
  let number = 0;
  const handle = (name: string): string => {
    number += 1;
    return `doctor-${number}/${name}`;
  };
  const boundMs = implementation.callMs;

  /** Starts a process. Gives what it said of itself, or what came instead. */
  const begin = async (): Promise<{ readonly talk: Talk; readonly info: InitializeResult | string }> => {
    const talk = await startTalk(implementation, reaper);
    const params = { control: CONTROL_VERSION, protocol: implementation.protocol };
    const reply = await talk.ask('initialize', params, implementation.startupMs);
    if (reply.type !== 'result') return { talk, info: inWords(reply, talk, implementation.startupMs) };
    const said = initializeResult.safeParse(reply.result);
    if (!said.success) return { talk, info: misshapen(reply.result, said.error) };
    return { talk, info: disagreementOf(implementation, said.data) ?? effectiveInfo(implementation, said.data) };
  };

  const first = await begin();
  if (typeof first.info === 'string') {
    const ended = first.talk.ended();
    const stderr = ended === undefined ? '' : first.talk.stderr();
    tell({ ...broken({ title: STARTS, ...mendOfStart(implementation, ended) }, first.info, first.talk.lines.slice(-SHOWN)), stderr });
    await first.talk.stop();
    return undefined;
  }
  tell({ is: 'holds', title: STARTS });
  const { info } = first;
  let { talk } = first;
  const binding = protocol.bindings.find(({ name }) => name === info.bindings[0]);
  const ofRole: Record<Role, readonly Check[]> =
    binding === undefined
      ? { client: [], server: [] }
      : {
          client: clientChecks(binding.carrier.scheme),
          server: brokerUrl === undefined ? serverChecks(binding.carrier) : brokeredServerChecks(brokerUrl),
        };
  const timers = Object.fromEntries(
    Object.entries(protocol.timers).map(([name, value]) => [name, protocol.counts.includes(name) ? value : value * TIME_SCALE]),
  );

  /** The first process that broke the control protocol. */
  let worst: Talk | undefined;
  /** Makes a check; gives whether the process can be used on. */
  const make = async (check: Check): Promise<boolean> => {
    const bench: Bench = { talk, info, boundMs, timers, brokerUrl, handle };
    const [from, problems] = [talk.lines.length, talk.problems.length];
    const got = await check.run(bench);
    // What it printed meanwhile is told at the end, of all together.
    if (got === undefined) tell({ is: 'holds', title: check.title });
    else tell(broken(check, got, talk.lines.slice(from).slice(-SHOWN)));
    if (talk.problems.length > 0) worst ??= talk;
    return talk.ended() === undefined && got === undefined && talk.problems.length === problems;
  };
  const again = async (title: string): Promise<boolean> => {
    await talk.stop();
    const next = await begin();
    talk = next.talk;
    if (typeof next.info !== 'string') return true;
    tell({ is: 'left-out', title, why: `it did not start again: ${next.info}` });
    return false;
  };

  let fit = true;
  for (const check of [...CONVERSATION, ...info.roles.flatMap((role) => ofRole[role])]) {
    if (!fit && !(await again(check.title))) return info;
    fit = await make(check);
  }
  if (worst === undefined) tell({ is: 'holds', title: ALL_ALONG.title });
  else tell(broken(ALL_ALONG, worst.problems.slice(0, 3).join('; '), aroundNoise(worst)));
  for (const check of ENDINGS) {
    if ((!fit || check !== ENDINGS[0]) && !(await again(check.title))) return info;
    fit = await make(check);
  }
  await talk.stop();
  return info;
}

/** How an adapter is mended that does not say what it is. */
function mendOfStart({ command, cwd }: Implementation, ended: Exit | undefined): Pick<Check, 'mend' | 'heading'> {
  if (ended === undefined) {
    const mend = 'Answer `initialize` with control, name, version, language, protocol, roles, bindings, features and concurrency.';
    return { mend, heading: MESSAGES };
  }
  const mend = ended.notFound
    ? 'Install the program, or name another one in `command` of implementation.yaml.'
    : `Start it by hand until it waits for lines on stdin: ${command.join(' ')}, in ${cwd}`;
  return { mend, heading: 'The manifest' };
}

/** The lines around the first that came on stdout and is no message; where none is, the last. */
function aroundNoise({ lines }: Talk): Talk['lines'] {
  const noise = lines.findIndex(({ from, text }) => from === 'adapter' && !text.trimStart().startsWith('{'));
  return noise < 0 ? lines.slice(-SHOWN) : lines.slice(Math.max(0, noise - 2), noise + 3);
}

function broken({ title, mend, heading }: Pick<Check, 'title' | 'mend' | 'heading'>, got: string, lines: Talk['lines']): Broken {
  return { is: 'broken', title, got, mend, heading, lines };
}
