import { CONTROL_VERSION, type InitializeResult, initializeResult } from '../../protocols/common/control.ts';
import { disagreementOf, effectiveInfo, misshapen } from './agreement.ts';
import { createBudget, IDLE_BUDGET } from './budget.ts';
import { endingOf } from './ending.ts';
import { AdapterError, type AdapterErrorFacts } from './error.ts';
import { type AdapterLease, createLease, type HostedLease, SEPARATOR } from './lease.ts';
import type { Implementation } from './manifest.ts';
import { handleIn, type Notification, readNotification } from './notification.ts';
import { createProblemLog } from './problems.ts';
import { type ChildProcess, describeExit, type Exit, lastWords, startProcess } from './process.ts';
import { startPulse } from './pulse.ts';
import type { Reaper } from './reaper.ts';
import { createConnection, type RpcConnection } from './rpc-connection.ts';
import { wallAfter, within } from './within.ts';
import { inWords, type Words, wordsOf } from './words-of-before.ts';

/** Bounds of an adapter's answers, ms of wall clock. */
export interface AdapterBounds {
  /** For each request. */
  readonly callMs: number;
  /** For each stage of ending the process: shutdown, end of stdin, SIGTERM, SIGKILL. */
  readonly stopMs: number;
}

/** Whether an adapter is pinged. */
type Pings = 'try' | 'never';

/** How long a killed process may take to be gone, in ms. */
const GONE_MS = 5000;

/** How long an answer may still come after stdin was closed, in ms. */
const LATE_MS = 2000;

/** After so many broken messages a process is killed and no more read: it floods. */
const MAX_PROBLEMS = 100;

/** How much of an adapter's reason to refuse is told. */
const MAX_REASON = 2000;

/** A running adapter process that answered `initialize`. */
export interface Adapter {
  readonly info: InitializeResult;
  /** Runs that use it now. */
  readonly leases: number;
  /** False once anything went wrong with it: it finishes the runs it has and gets no more. */
  healthy(): boolean;
  lease(released: () => void): AdapterLease;
  /** Ends the process: `shutdown`, end of stdin, SIGTERM, SIGKILL. */
  close(): Promise<void>;
}

/** Starts one process of an implementation. Rejects with an `AdapterError` when it does not come up. */
export async function startAdapter(
  implementation: Implementation,
  reaper: Reaper,
  bounds: AdapterBounds,
  pings: Pings = 'try',
): Promise<Adapter> {
  const problems = createProblemLog();
  const hosted = new Map<string, HostedLease>();
  let nextRun = 1;
  /** Runs that are over. */
  let finished = 0;
  let exit: Exit | undefined;
  let healthy = true;
  let deaf = false;
  let idle = createBudget(IDLE_BUDGET);
  let words: Words = 'today';
  let cameLate = (): void => {};
  const late = new Promise<void>((resolve) => {
    cameLate = resolve;
  });

  const connection: RpcConnection = createConnection({
    write: (text) => child.write(text),
    notification: receive,
    late: () => cameLate(),
    problem: (description, fatal) => breach(description, fatal, undefined),
    after: wallAfter,
  });
  const child: ChildProcess = await startProcess({
    command: implementation.command,
    cwd: implementation.cwd,
    env: implementation.env,
    reaper,
    stdout(chunk) {
      if (!deaf) connection.push(chunk);
    },
    pipeLost(name) {
      // What it left half said tells more.
      if (name === 'stdout') connection.outputEnded();
      breach(`it closed its ${name} and goes on running`, true, undefined);
    },
  });
  const gone = child.exited.then(async (how) => {
    exit = how;
    healthy = false;
    connection.end();
    // The runs with a pending call hear of it first, with the name of that call.
    await new Promise((resolve) => setImmediate(resolve));
    const error = crashed(undefined);
    for (const lease of hosted.values()) lease.fail(error);
  });

  const pulse = startPulse((boundMs) => connection.request('ping', {}, boundMs).then(({ type }) => type));

  function failure(message: string, facts: Pick<AdapterErrorFacts, 'kind' | 'method' | 'crash'>): AdapterError {
    return new AdapterError(`${implementation.name}: ${message}`, {
      ...facts,
      implementation: implementation.name,
      exitCode: exit?.code,
      signal: exit?.signal,
      stderr: child.stderr(),
    });
  }

  function crashed(method: string | undefined): AdapterError {
    const garbage = problems.describe();
    if (garbage !== undefined) return failure(`the adapter broke the control protocol: ${garbage}`, { kind: 'garbage', method });
    const during = method === undefined ? '' : ` during ${method}`;
    const { words: how, crash } = endingOf(exit, child.stderr(), implementation);
    return failure(`the adapter process ended${during} ${how}`, { kind: 'crashed', method, crash });
  }

  function breach(description: string, fatal: boolean, culprit: HostedLease | undefined): void {
    if (deaf) return;
    problems.add(description);
    healthy = false;
    const error = failure(`the adapter broke the control protocol: ${problems.describe()}`, { kind: 'garbage', method: undefined });
    for (const lease of culprit === undefined ? hosted.values() : [culprit]) lease.fail(error);
    if (!fatal && problems.count < MAX_PROBLEMS) return;
    deaf = true;
    child.kill();
  }

  function receive(method: string, params: unknown, bytes: number): void {
    // A flood may have been cut off in the middle of a chunk.
    if (deaf) return;
    const handle = handleIn(params);
    const owner = handle === undefined ? undefined : hosted.get(runOf(handle));
    const flood = (owner?.budget ?? idle).spend(bytes);
    if (flood !== undefined) {
      breach(flood, true, owner);
      return;
    }
    const read = readNotification(method, params);
    if (!read.ok) breach(read.reason, false, owner);
    else if (read.notification.method === 'log') child.note(`[log] ${read.notification.params.message}`);
    else if (owner === undefined) orphan(read.notification, handle ?? '');
    else deliver(read.notification, owner, handle ?? '');
  }

  function deliver(notification: Notification, owner: HostedLease, handle: string): void {
    const refusal = owner.deliver(notification);
    if (refusal !== undefined) breach(`${refusal}: ${handle}`, false, owner);
  }

  function orphan(notification: Notification, handle: string): void {
    const run = Number(runOf(handle));
    // A run that is over may still have news under way.
    if (Number.isInteger(run) && run >= 1 && run < nextRun) return;
    breach(`${notification.method} for the unknown handle ${JSON.stringify(handle.slice(0, 40))}`, false, undefined);
  }

  async function request(method: string, params: unknown, boundMs: number): Promise<unknown> {
    const reply = await connection.request(method, params, boundMs);
    switch (reply.type) {
      case 'result':
        return reply.result;
      case 'error':
        throw failure(`${method} was refused: ${reply.error.message.slice(0, MAX_REASON)}`, { kind: 'refused', method });
      case 'late':
        healthy = false;
        // What it wrote was perhaps its answer, and none that can be read.
        if (method === 'initialize' && problems.count > 0) throw crashed(method);
        throw failure(`no answer to ${method} within ${boundMs} ms${await whyLate(method)}${lastWords(child.stderr())}`, {
          kind: 'hung',
          method,
        });
      case 'closed':
        throw crashed(method);
    }
  }

  /** The commonest mistake of a first adapter shows when its stdin is closed: then it ends, and what it had written comes. */
  async function whyLate(method: string): Promise<string> {
    if (method !== 'initialize') return '';
    child.closeInput();
    const came = (await within(Promise.race([late, gone.then(() => late)]), LATE_MS)).type === 'done';
    return came ? '; it came only when stdin was closed: read stdin line by line, and flush stdout after each line' : '';
  }

  function lease(released: () => void): AdapterLease {
    const run = String(nextRun);
    // What earlier runs had the process say is none of this one's.
    const since = nextRun === 1 ? 0 : child.stderrLength();
    const made = createLease(nextRun, {
      info,
      async call(method, params) {
        try {
          return await request(method, inWords(words, method, params), bounds.callMs);
        } catch (error) {
          if (error instanceof AdapterError && error.kind !== 'refused') made.fail(error);
          throw error;
        }
      },
      misanswered(method, reason) {
        if (exit !== undefined) return crashed(method);
        breach(`${method}: ${reason}`, false, made);
        return failure(`the adapter broke the control protocol: ${method}: ${reason}`, { kind: 'garbage', method });
      },
      lostMs: pulse.lostMs,
      used: finished > 0,
      stderr: () => child.stderr(since),
      released() {
        finished += 1;
        hosted.delete(run);
        if (hosted.size === 0) pulse.rest();
        released();
      },
    });
    nextRun += 1;
    // What an earlier run set going may break this one.
    if (run !== '1') made.markShared();
    for (const other of hosted.values()) other.markShared();
    hosted.set(run, made);
    pulse.beat();
    idle = createBudget(IDLE_BUDGET);
    return made.lease;
  }

  async function close(): Promise<void> {
    healthy = false;
    if (exit === undefined) await connection.request('shutdown', {}, bounds.stopMs);
    await child.stop(bounds.stopMs);
  }

  async function initialize(): Promise<InitializeResult> {
    const params = { control: CONTROL_VERSION, protocol: implementation.protocol };
    const answer = await request('initialize', params, implementation.startupMs);
    words = wordsOf(answer);
    const parsed = initializeResult.safeParse(answer);
    if (!parsed.success) {
      throw failure(`initialize: ${misshapen(answer, parsed.error)}`, { kind: 'garbage', method: 'initialize' });
    }
    const disagreement = disagreementOf(implementation, parsed.data);
    if (disagreement !== undefined) throw failure(`initialize: ${disagreement}`, { kind: 'refused', method: 'initialize' });
    return effectiveInfo(implementation, parsed.data);
  }

  /** A banner before or right after the answer is garbage, too. */
  function checked(said: InitializeResult): InitializeResult {
    if (!healthy) throw crashed('initialize');
    return said;
  }

  /** Whether it minds being pinged: an adapter that was written before there were pings may end at what it does not know. */
  async function mindsPings(): Promise<boolean> {
    if (pings === 'never' || !healthy) return false;
    await pulse.tryOut();
    return !healthy;
  }

  const info = await initialize()
    .then(checked)
    .catch(async (error: unknown) => {
      child.kill();
      await within(gone, GONE_MS);
      throw exit?.notFound === true ? notFound(implementation, exit) : error;
    });

  if (await mindsPings()) {
    child.kill();
    await within(gone, GONE_MS);
    return startAdapter(implementation, reaper, bounds, 'never');
  }

  return {
    info,
    get leases() {
      return hosted.size;
    },
    healthy: () => healthy,
    lease,
    close,
  };
}

function runOf(handle: string): string {
  return handle.slice(0, Math.max(0, handle.indexOf(SEPARATOR)));
}

function notFound(implementation: Implementation, exit: Exit): AdapterError {
  const program = implementation.command[0] ?? '';
  return new AdapterError(`${implementation.name}: cannot start ${program}: there is no such program here (${describeExit(exit)})`, {
    kind: 'missing',
    implementation: implementation.name,
    install: implementation.prerequisites[0]?.install,
  });
}
