import { bindingNames, bindingOf as carried } from '../../../../protocols/common/binding.ts';
import type { Role } from '../../../../protocols/common/frame.ts';
import { jsonText } from '../../../../protocols/common/plain.ts';
import type { Trace, TraceEvent } from '../../../../protocols/common/trace.ts';
import { readTraceFile } from '../../../bundles/format.ts';
import { judgeTraceFile } from '../../../bundles/judge-trace.ts';
import { traceLines } from '../../../bundles/write.ts';
import type { LoadedCase } from '../../../cases/case.ts';
import { FOREVER_MS, heldCase } from '../../../execute/held-case.ts';
import { perform } from '../../../execute/perform.ts';
import type { Performance } from '../../../execute/performance.ts';
import { standIn } from '../../../execute/stand-in.ts';
import { writeWhole } from '../../../files/write.ts';
import { isPublished, learnFromWire, secretsOfCase } from '../../../masking/of-run.ts';
import { packageRoot, packageVersion } from '../../../package-root.ts';
import type { PlannedRun } from '../../../plan/plan.ts';
import { runId } from '../../../plan/run-id.ts';
import { select } from '../../../plan/select.ts';
import type { ImplementationEnd, World } from '../../../worlds/world.ts';
import { goldenOf, loadPeers, publishedRun, tell } from '../../evidence.ts';
import { EXIT, exitCodeOf, UsageError } from '../../exit.ts';
import { bindingOf, type Loaded, loadProtocol } from '../../load.ts';
import type { SecretOptions } from '../../masked-output.ts';
import { mustBeWritable } from '../../output-folder.ts';
import { givenServer, instructedClient, personAt, say, sayHeld, show } from '../../person.ts';
import { cannotListen } from './serve.ts';

/** Options of `weir serve --case`. */
export interface HoldOptions extends SecretOptions {
  readonly case: string;
  /** The step to hold before, from 1; undefined: after the last. */
  readonly hold?: number;
  readonly role?: Role;
  readonly binding?: string;
  /** The port that the client under test dials; 0: a free one. */
  readonly port: number;
  /** Where the server under test listens. */
  readonly url?: string;
  /** Leaves the timers on that make a peer give up. */
  readonly watchdogs: boolean;
  /** File for the trace. */
  readonly trace?: string;
}

/**
 * `weir serve --case`: plays a case with the reference peer against an implementation that a person drives, up to a step, and
 * stays there until Ctrl-C; then the invariants judge what was seen. Gives the exit code.
 */
export async function holdCommand(protocolName: string | undefined, options: HoldOptions): Promise<number> {
  const loaded = await loadProtocol(protocolName, [options.case]);
  const { protocol, corpus } = loaded;
  const named = select(corpus, { patterns: [options.case] }, bindingNames(protocol));
  // A case that speaks of the role under test is there once for each.
  const theCase = named.find(({ roles }) => options.role === undefined || roles.includes(options.role)) ?? named[0];
  if (theCase === undefined || named.some(({ id }) => id !== theCase.id))
    throw new UsageError(`${options.case} names more than one case; name one`);
  options.secrets.speaks(protocol);
  options.secrets.learn(secretsOfCase(theCase, options.secrets.keys), isPublished(theCase));
  const role = roleOf(theCase, options);
  const binding = bindingOf(options.binding, theCase.bindings ?? bindingNames(protocol));
  const { scheme } = carried(protocol, binding).carrier;
  if (role === 'server' && options.url === undefined)
    throw new UsageError(`the server is under test: say where it listens, with --url ${scheme}://…`);
  if (role === 'server' && options.url !== undefined && !isAddress(options.url, scheme))
    throw new UsageError(`the server's address is written ${scheme}://host:port, not ${options.url}`);
  if (options.trace !== undefined) mustBeWritable(options.trace, 'the trace');
  if (role === 'server' && options.port !== 0)
    throw new UsageError('--port is what the client under test dials; the server under test listens at its own, --url says where');
  const until = untilOf(theCase, options.hold);
  const held = heldCase(theCase, protocol, until, options.watchdogs);
  const planned = plannedOf(theCase, role, binding);
  const peers = await loadPeers(loaded);
  const golden = await goldenOf(planned, loaded, peers);
  if (!golden.ok) throw new Error(`the reference pair does not get through ${theCase.id}: ${golden.reason}`);

  const person = personAt(process);
  const { realWorld } = await import('../../../worlds/real/index.ts');
  const world = watched(realWorld({ timeScale: 1, port: options.port, allowRemote: true }), (event, trace) => {
    show(event, { protocol, masker: options.secrets.masker }, held.steps);
    if (event.type !== 'application') person.standIn?.follow(trace);
    if (event.type === 'step' && event.phase === 'end' && event.step === until - 1) sayHeld(theCase.steps[until], role);
  });
  say(`${theCase.id}, ${role} under test, binding ${binding}: ${theCase.title}`);
  const end = <P>(peer: P): ImplementationEnd<P> => ({
    kind: 'implementation',
    peer: async (events) => {
      person.standIn = standIn(protocol, golden, role, until, events);
      return peer;
    },
    failed: person.left.then(() => new Error('ended by hand')),
  });
  if (until === 0) sayHeld(theCase.steps[until], role);
  const performance = await perform(
    world,
    {
      protocol,
      case: held,
      role,
      binding,
      seed: Date.now() % 0x7fff_ffff,
      procedureKinds: corpus.procedureKinds,
      client: role === 'client' ? end(instructedClient(person)) : { kind: 'reference', make: peers.makeClient },
      server: role === 'server' ? end(givenServer(options.url ?? '')) : { kind: 'reference', make: peers.makeServer },
      timeoutMs: FOREVER_MS,
      linger: person.left,
    },
    undefined,
  )
    .finally(() => person.close())
    .catch((error: unknown) => {
      throw isAboutListening(error) ? cannotListen(options.port, error) : error;
    });
  await world.close();
  return judge(planned, performance, loaded, options);
}

/** What the system, or Node, says of a port that cannot be had. */
function isAboutListening(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(?:EADDRINUSE|EACCES|ERR_SOCKET_BAD_PORT)$/.test(String(error.code));
}

function isAddress(url: string, scheme: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === `${scheme}:`;
}

function roleOf(theCase: LoadedCase, { role }: HoldOptions): Role {
  const [first = 'client'] = theCase.roles;
  if (role === undefined) return first;
  if (!theCase.roles.includes(role)) throw new UsageError(`${theCase.id} does not put the ${role} under test, only the ${first}`);
  return role;
}

function untilOf({ id, steps }: LoadedCase, hold: number | undefined): number {
  if (hold === undefined) return steps.length;
  if (hold < 1 || hold > steps.length + 1) throw new UsageError(`${id} has the steps 1 to ${steps.length}; --hold ${hold} is none of them`);
  return hold - 1;
}

function plannedOf(theCase: LoadedCase, role: Role, binding: string): PlannedRun {
  const end = (reference: boolean): PlannedRun['client'] => ({
    name: reference ? 'reference' : 'by hand',
    version: reference ? packageVersion() : '',
    reference,
    roles: ['client', 'server'],
    bindings: [binding],
    features: [],
  });
  const ends = { client: end(role !== 'client'), server: end(role !== 'server') };
  return { id: runId(theCase.id, role, binding, 1), case: theCase, role, binding, repeat: 1, ...ends, skip: undefined };
}

/** A world in which each event of a run is told as it comes. */
function watched(world: World, watch: (event: TraceEvent, trace: Trace) => void): World {
  return {
    ...world,
    patienceMs: FOREVER_MS,
    run: (setting, play) =>
      world.run(setting, (stage) => {
        stage.recorder.listen((event) => watch(event, stage.recorder.trace));
        return play(stage);
      }),
  };
}

function judge(planned: PlannedRun, performance: Performance, loaded: Loaded, { trace, secrets }: HoldOptions): number {
  const { protocol, corpus } = loaded;
  for (const outcome of performance.played.outcomes) if (!outcome.ok) say(outcome.message);
  const leaving = {
    protocol,
    version: packageVersion(),
    world: 'real',
    timeScale: 1,
    seed: 0,
    strict: false,
    implementation: undefined,
    redact: secrets.configured,
    root: packageRoot(),
  } as const;
  const own = [...secretsOfCase(planned.case, secrets.keys), ...learnFromWire(secrets, performance.wholeTrace, protocol)];
  secrets.learn(own);
  const masker = secrets.maskerOf(own);
  const text = [...traceLines(planned, performance, leaving, masker)].map((line) => `${jsonText(line)}\n`).join('');
  if (trace !== undefined) {
    writeWhole(trace, text);
    say(`the trace is in ${trace}; judge it again with npx weir check ${trace}`);
  }
  const judged = judgeTraceFile(readTraceFile('trace', text), 'trace', planned.case, planned.role, { protocol, catalogue: corpus }, false);
  if (judged.completed.judged.checkpoints.length === 0) {
    say(`the ${planned.role} did nothing that could be judged`);
    return EXIT.ok;
  }
  const run = publishedRun(planned, judged.completed, {
    loaded,
    timeScale: 1,
    strict: false,
    masker,
    again: `npx weir serve --case ${planned.case.id}`,
  });
  tell(run);
  return exitCodeOf([run]);
}
