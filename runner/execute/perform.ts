import type { PeerEvents } from '../../protocols/common/control.ts';
import type { Role } from '../../protocols/common/frame.ts';
import type { RunFacts } from '../../protocols/common/invariant.ts';
import type { MatchContext } from '../../protocols/common/protocol.ts';
import type { LoadedCase } from '../cases/case.ts';
import type { Setting, Stage, World } from '../worlds/world.ts';
import { type Board, boardEvents, callFacts, forgetItems, newBoard } from './board.ts';
import { awaitedOf, type Casting, scriptedRole } from './casting.ts';
import { scaledTimers } from './connect.ts';
import { type Model, mostFrames } from './most-frames.ts';
import { isComplete, type Performance } from './performance.ts';
import { type Played, play } from './play.ts';
import { newCursors, type Playing } from './playing.ts';
import { punctualityMeter } from './punctual.ts';
import { runFacts } from './run-facts.ts';
import { settle } from './settle.ts';
import { streamFinder } from './streams.ts';
import { stepsLimitMs } from './time-limit.ts';
import { elapse } from './wait.ts';

/** Longest wait, in ms of the world, for an end to leave when the case is over. */
const LEAVE_MS = 2000;

/** Server id where the case gives none. */
const DEFAULT_SERVER_ID = 'SERVER';

/**
 * Performs a case in a world: sets the stage, plays the steps, waits until the wire agrees with the golden trace (or the
 * bound is over), and takes everything down. Rejects only where the world itself fails.
 */
export async function perform(world: World, casting: Casting, golden: Model | undefined): Promise<Performance> {
  const board = newBoard();
  const scripted = scriptedRole(casting.case, casting.role);
  /** The stage once it is set: patterns and applications speak of it from then on. */
  let set: Stage | undefined;
  const match = streamFinder(
    casting.protocol,
    board,
    () => set?.recorder.trace ?? [],
    (name) => (scripted === undefined ? undefined : set?.[scripted].streamId?.(name)),
  );
  const eventsOf = (role: Role): PeerEvents =>
    boardEvents(board, role, (instance, event) => set?.recorder.application(role, instance, event));
  const setting = settingOf(world, casting, golden, match, { client: eventsOf('client'), server: eventsOf('server') });
  try {
    return await world.run(setting, async (stage) => {
      set = stage;
      return performOn(stage, { world, casting, golden, board, match, serve: setting.serve });
    });
  } catch (error) {
    set?.recorder.close();
    throw error;
  }
}

/** What a performance asks of its world. */
function settingOf(world: World, casting: Casting, golden: Model | undefined, match: MatchContext, events: Setting['events']): Setting {
  const { protocol, binding, case: loaded, client, server, seed } = casting;
  const { timeScale } = world;
  const timers = { ...scaledTimers(protocol, loaded.server.timers, timeScale), ...casting.fixedTimers?.server };
  return {
    protocol,
    binding,
    seed,
    timeScale,
    serve: {
      binding,
      serverId: loaded.server.serverId ?? DEFAULT_SERVER_ID,
      timers,
      options: { ...loaded.server.options, timeScale },
    },
    client,
    server,
    events,
    match,
    mostFrames: mostFrames(golden),
    unserved: loaded.server.absent === true,
    ownBroker: loaded.ownBroker === true,
    toxics: loaded.steps.some(({ action }) => action.kind === 'toxic'),
  };
}

/** What a performance goes by on its stage. */
interface Matter {
  readonly world: World;
  readonly casting: Casting;
  readonly golden: Model | undefined;
  readonly board: Board;
  readonly match: MatchContext;
  readonly serve: Setting['serve'];
}

/** Plays the case on a stage that is set, lets the wire settle, and has the clients leave. */
async function performOn(stage: Stage, matter: Matter): Promise<Performance> {
  const { world, casting, golden, board, match } = matter;
  const { protocol, case: loaded } = casting;
  const { recorder } = stage;
  const meter = punctualityMeter(stage, [casting.client, casting.server]);
  const playing = playingOf(stage, matter, meter.lostMs);
  const steps = await stepsOf(playing, world, casting);
  const facts = (): RunFacts => factsOf(playing, matter);
  const normalised = isComplete(unlessFailed(steps, stage, loaded), loaded)
    ? await settle(playing, awaitedOf(casting), loaded.trace === 'free' ? undefined : golden?.normalised, facts())
    : protocol.normalise(recorder.trace, callFacts(board), facts());
  await casting.linger;
  const closing = recorder.trace.length;
  recorder.step(loaded.steps.length, 'begin');
  await leave(stage, [...playing.clientIds.keys()]);
  const wholeTrace = recorder.trace.slice(0);
  forgetItems(board);
  return {
    played: unlessFailed(steps, stage, loaded),
    punctuality: meter.read(steps.lost),
    trace: wholeTrace.slice(0, closing),
    wholeTrace,
    taken: { client: stage.taken?.('client') ?? 0, server: stage.taken?.('server') ?? 0 },
    calls: callFacts(board),
    facts: facts(),
    normalised,
    match,
    strays: board.strays,
    release: recorder.close,
  };
}

/** The case at its beginning. `lostMs`: what runner and adapter have lost so far. */
function playingOf(stage: Stage, { world, casting, board, match, serve }: Matter, lostMs: () => number): Playing {
  return {
    protocol: casting.protocol,
    stage,
    board,
    match,
    cursors: newCursors(),
    timeScale: world.timeScale,
    patienceMs: world.patienceMs,
    binding: casting.binding,
    serverId: serve.serverId,
    clientIds: new Map(),
    urls: new Map(),
    pace: casting.pace,
    fixedTimers: casting.fixedTimers?.client ?? {},
    fixedServerTimers: casting.fixedTimers?.server ?? {},
    asked: { count: 0 },
    lostMs,
  };
}

function stepsOf(playing: Playing, world: World, { case: loaded, role, client, server, timeoutMs, disputed }: Casting): Promise<Played> {
  const failed = [client, server, playing.stage].flatMap((end) => ('failed' in end && end.failed ? [end.failed] : []));
  const limitMs = stepsLimitMs(loaded.steps, world, timeoutMs);
  return play(playing, loaded.steps, scriptedRole(loaded, role), failed, limitMs, disputed ?? never);
}

/** What came while no step was carried out is told of the last. */
function unlessFailed(steps: Played, stage: Stage, loaded: LoadedCase): Played {
  const error = stage.failure?.();
  return error === undefined || steps.failure !== undefined ? steps : { ...steps, failure: { step: loaded.steps.length - 1, error } };
}

function factsOf({ timeScale, serverId, clientIds, stage }: Playing, { casting, serve }: Matter): RunFacts {
  return runFacts(casting, { timeScale, serverId, serverTimers: serve.timers, clientIds: clientIds.values(), space: stage.broker?.space });
}

function never(): false {
  return false;
}

/** Disconnects every client, waiting no longer than the bound; whatever goes wrong here is no news of the case. */
async function leave(stage: Stage, clients: readonly string[]): Promise<void> {
  const leaving = Promise.allSettled(clients.map((client) => stage.client.disconnect({ client })));
  await Promise.race([leaving, elapse(stage, LEAVE_MS)]);
}
