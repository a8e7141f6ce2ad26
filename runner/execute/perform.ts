import { peerOf, ROLES, type Role } from '../../protocols/common/frame.ts';
import { MAIN } from '../../protocols/common/instance.ts';
import type { RunFacts } from '../../protocols/common/invariant.ts';
import type { CallFacts, NormalisedTrace } from '../../protocols/common/normalise.ts';
import type { MatchContext, Protocol } from '../../protocols/common/protocol.ts';
import type { Trace } from '../../protocols/common/trace.ts';
import type { LoadedCase } from '../cases/case.ts';
import type { Step } from '../cases/step.ts';
import type { FixedTimers } from '../plan/plan.ts';
import type { Setting, Stage, World } from '../worlds/world.ts';
import { boardEvents, callFacts, forgetItems, newBoard } from './board.ts';
import { clientFacts, clientInstances, serverInstances } from './client-facts.ts';
import { scaledTimers } from './connect.ts';
import { type Played, play } from './play.ts';
import { newCursors, type Pace, type Playing } from './playing.ts';
import type { Lost, Punctuality } from './punctual.ts';
import { settle } from './settle.ts';
import { streamFinder } from './streams.ts';
import { stepsLimitMs } from './time-limit.ts';
import { elapse } from './wait.ts';

/** Which case to perform, with whom. */
export interface Casting {
  readonly protocol: Protocol;
  readonly case: LoadedCase;
  readonly role: Role;
  readonly binding: string;
  readonly seed: number;
  readonly procedureKinds: Readonly<Record<string, string>>;
  readonly client: Setting['client'];
  readonly server: Setting['server'];
  /** Longest that the steps may take together, in ms of the world; undefined: as long as their own waits, and some slack. */
  readonly timeoutMs?: number | undefined;
  /** Whether the rule that a step judges is disputed, so that the case goes on where it breaks. */
  readonly disputed?: (step: Step) => boolean;
  /** For a person who looks on: things are taken down only once this is settled. Real world only. */
  readonly linger?: Promise<unknown>;
  readonly pace?: Pace | undefined;
  /** Timers that an end has whatever it is told: ms of the world, counts as they are. */
  readonly fixedTimers?: FixedTimers | undefined;
}

/** What was seen of one performance; everything the judges need, and nothing that still moves. */
export interface Performance {
  readonly played: Played;
  readonly punctuality: Punctuality;
  /** Events up to the point where the harness began to take things down. */
  readonly trace: Trace;
  /** All events. */
  readonly wholeTrace: Trace;
  /** Bytes that either end sent on connections, those of frames among them that never were complete; 0 where frames are no bytes. */
  readonly taken: Readonly<Record<Role, number>>;
  readonly calls: readonly CallFacts[];
  readonly facts: RunFacts;
  /** `trace`, fit for comparison. */
  readonly normalised: NormalisedTrace;
  readonly match: MatchContext;
  /** Things an implementation said that fit nothing. */
  readonly strays: readonly string[];
  /** Gives the disk back that a long trace takes; the traces cannot be read afterwards. */
  readonly release: () => void;
}

/** Longest wait, in ms of the world, for an end to leave when the case is over. */
const LEAVE_MS = 2000;

/** Server id where the case gives none. */
const DEFAULT_SERVER_ID = 'SERVER';

/** Frames that either end may send in any run, heartbeats, keep-alives and what is resent among them: thousands, whatever the case. */
const FEWEST_FRAMES = 5000;

/** How many times the messages that the reference pair needs an end may send. */
const FRAMES_PER_MESSAGE = 20;

/** Frames that either end may send where nobody knows what the case asks for. */
const FRAMES_UNKNOWN = 100_000;

/** How many times the frames that both ends of the reference pair send, those that are no messages to a judge among them: a case may ask for thousands. */
const FRAMES_PER_FRAME = 2;

/** Frames that each connection adds which the reference pair needs: one that is opened counts as fifty. */
const FRAMES_PER_CONNECTION = 200;

/** What the reference pair made of a case, as far as another performance goes by it. */
export interface Model {
  readonly normalised: NormalisedTrace;
  /** That the client opened. */
  readonly connections: number;
  /** That both ends sent. */
  readonly frames: number;
}

/** How many frames either end may send before it floods the run, by what the reference pair made of the case. */
export function mostFrames(model: Model | undefined): number {
  if (model === undefined) return FRAMES_UNKNOWN;
  const messages = model.normalised.lanes.reduce((sum, { items }) => sum + items.length, 0);
  return FEWEST_FRAMES + FRAMES_PER_MESSAGE * messages + FRAMES_PER_FRAME * model.frames + FRAMES_PER_CONNECTION * model.connections;
}

/** The role that the case scripts by hand, if any. */
export function scriptedRole(loaded: LoadedCase, role: Role): Role | undefined {
  return loaded.steps.some((step) => step.action.kind === 'peer') ? peerOf(role) : undefined;
}

/** Whether a case is played the same whichever role is judged; what names its roles one by one may have other steps for each. */
export function isPlayedAlike(loaded: LoadedCase, role: Role): boolean {
  return scriptedRole(loaded, role) === undefined && loaded.roles.length > 1;
}

/** Whose frames are waited for before the end: of two ends of ours those of both, since either may be judged by them. */
function awaitedOf({ case: loaded, role, client, server }: Casting): readonly Role[] {
  return client.kind === 'reference' && server.kind === 'reference' && isPlayedAlike(loaded, role) ? ROLES : [role];
}

/**
 * Performs a case in a world: sets the stage, plays the steps, waits until the wire agrees with the golden trace (or the
 * bound is over), and takes everything down. Rejects only where the world itself fails.
 */
export function perform(world: World, casting: Casting, golden: Model | undefined): Promise<Performance> {
  const { protocol, case: loaded, role, binding } = casting;
  const board = newBoard();
  let recorder: Stage['recorder'] | undefined;
  const scripted = scriptedRole(loaded, role);
  const serverId = loaded.server.serverId ?? DEFAULT_SERVER_ID;
  const clientIds = new Map<string, string>();
  const script: { streamId: (name: string) => string | undefined } = { streamId: () => undefined };
  const match = streamFinder(
    protocol,
    board,
    () => recorder?.trace ?? [],
    (name) => script.streamId(name),
  );
  const record = (side: Role) => (instance: string, event: Parameters<Stage['recorder']['application']>[2]) => {
    recorder?.application(side, instance, event);
  };
  const fixed = (of: Role): Readonly<Record<string, number>> => casting.fixedTimers?.[of] ?? {};
  const serverTimers = { ...scaledTimers(protocol, loaded.server.timers, world.timeScale), ...fixed('server') };
  const setting: Setting = {
    protocol,
    binding,
    seed: casting.seed,
    timeScale: world.timeScale,
    serve: { binding, serverId, timers: serverTimers, options: { ...loaded.server.options, timeScale: world.timeScale } },
    client: casting.client,
    server: casting.server,
    events: { client: boardEvents(board, 'client', record('client')), server: boardEvents(board, 'server', record('server')) },
    match,
    mostFrames: mostFrames(golden),
    unserved: loaded.server.absent === true,
    ownBroker: loaded.ownBroker === true,
    toxics: loaded.steps.some(({ action }) => action.kind === 'toxic'),
  };
  const performing = world.run(setting, async (stage) => {
    recorder = stage.recorder;
    if (scripted !== undefined) script.streamId = (name) => stage[scripted].streamId?.(name);
    const ends = [casting.client, casting.server].flatMap((end) => (end.kind === 'implementation' ? [end] : []));
    const fresh = ends.some((end) => end.fresh?.() ?? false);
    const lostBy = (): Lost => ({
      runner: stage.lostMs?.() ?? 0,
      adapter: ends.reduce((sum, end) => sum + (end.lostMs?.() ?? 0), 0),
    });
    const atFirst = lostBy();
    const lost = (): Lost => {
      const now = lostBy();
      return { runner: now.runner - atFirst.runner, adapter: now.adapter - atFirst.adapter };
    };
    const playing: Playing = {
      protocol,
      stage,
      board,
      match,
      cursors: newCursors(),
      timeScale: world.timeScale,
      patienceMs: world.patienceMs,
      binding,
      serverId,
      clientIds,
      urls: new Map(),
      pace: casting.pace,
      fixedTimers: fixed('client'),
      fixedServerTimers: fixed('server'),
      asked: { count: 0 },
      lostMs: () => lost().runner + lost().adapter,
    };
    const failed = [casting.client, casting.server, stage].flatMap((end) => ('failed' in end && end.failed ? [end.failed] : []));
    const steps = await play(
      playing,
      loaded.steps,
      scripted,
      failed,
      stepsLimitMs(loaded.steps, world, casting.timeoutMs),
      casting.disputed ?? never,
    );
    // What came while no step was carried out is told of the last.
    const played = (): Played => {
      const error = stage.failure?.();
      return error === undefined || steps.failure !== undefined ? steps : { ...steps, failure: { step: loaded.steps.length - 1, error } };
    };
    const facts = (): RunFacts => ({
      binding,
      ...(stage.broker === undefined ? {} : { space: stage.broker.space }),
      instances: [
        { role: 'server', instance: MAIN, id: serverId, timers: serverTimers, options: loaded.server.options },
        ...serverInstances(protocol, loaded, world.timeScale, fixed('server')),
        ...clientInstances(protocol, loaded, world.timeScale, fixed('client')),
      ],
      clientIds: [...clientIds.values()],
      serverId,
      timers: serverTimers,
      ...clientFacts(protocol, loaded, world.timeScale, fixed('client')),
      options: { ...loaded.server.options, ...optionsOfClients(loaded) },
      procedureKinds: { ...casting.procedureKinds, ...kindsOfCalls(loaded) },
      scripted: scripted === undefined ? [] : [scripted],
    });
    const normalised = isComplete(played(), loaded)
      ? await settle(playing, awaitedOf(casting), loaded.trace === 'free' ? undefined : golden?.normalised, facts())
      : protocol.normalise(stage.recorder.trace, callFacts(board), facts());
    await casting.linger;
    const closing = stage.recorder.trace.length;
    stage.recorder.step(loaded.steps.length, 'begin');
    await leave(stage, [...clientIds.keys()]);
    const wholeTrace = stage.recorder.trace.slice(0);
    forgetItems(board);
    const trace = wholeTrace.slice(0, closing);
    return {
      played: played(),
      punctuality: { lost: lost(), steps: played().lost, fresh },
      trace,
      wholeTrace,
      taken: { client: stage.taken?.('client') ?? 0, server: stage.taken?.('server') ?? 0 },
      calls: callFacts(board),
      facts: facts(),
      normalised,
      match,
      strays: board.strays,
      release: stage.recorder.close,
    };
  });
  return performing.catch((error: unknown) => {
    recorder?.close();
    throw error;
  });
}

function never(): false {
  return false;
}

/** Whether every step was carried out and held. */
export function isComplete(played: Played, loaded: LoadedCase): boolean {
  return played.failure === undefined && played.outcomes.length === loaded.steps.length && played.outcomes.every((outcome) => outcome.ok);
}

/** Procedure kinds that only the case knows. */
function kindsOfCalls(loaded: LoadedCase): Record<string, string> {
  const kinds: Record<string, string> = {};
  for (const { action } of loaded.steps) {
    if (action.kind === 'invoke' && action.procedure !== undefined) kinds[action.procedure] = action.procedureKind;
  }
  return kinds;
}

/** Protocol options that the case's connect steps set. */
function optionsOfClients(loaded: LoadedCase): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const { action } of loaded.steps) {
    if (action.kind === 'connect') Object.assign(options, action.options);
  }
  return options;
}

/** Disconnects every client, waiting no longer than the bound; whatever goes wrong here is no news of the case. */
async function leave(stage: Stage, clients: readonly string[]): Promise<void> {
  const leaving = Promise.allSettled(clients.map((client) => stage.client.disconnect({ client })));
  await Promise.race([leaving, elapse(stage, LEAVE_MS)]);
}
