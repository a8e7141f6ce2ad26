import type { Role } from '../../protocols/common/frame.ts';
import { judges, type Step } from '../cases/step.ts';
import { end, handler, receive, start, status } from './application-steps.ts';
import { broker } from './broker-step.ts';
import { doWithCall } from './calls.ts';
import { connect, IMPLICIT_CONNECT, serve, stop } from './connect.ts';
import { peer } from './peer-step.ts';
import { HELD, type Playing, type StepOutcome } from './playing.ts';
import { TimeLimitError } from './time-limit.ts';
import { elapse } from './wait.ts';
import { awaitFrame, closed, opened, quiet } from './wire-steps.ts';

/** How far a case was played. */
export interface Played {
  /** Outcomes of the steps that were carried out, in order; where the last one is broken the rest was not reached. */
  readonly outcomes: readonly StepOutcome[];
  /** Ms of wall clock that runner and adapter lost in each of them. */
  readonly lost: readonly number[];
  /** What went wrong outside the judged behaviour: the harness or the adapter failed at the last step. */
  readonly failure: { readonly step: number; readonly error: unknown } | undefined;
}

/**
 * Plays the steps of a case in order until one breaks, an adapter fails (`failed`), `limitMs` (of the stage's world) have passed,
 * or all have held. Where what broke is `disputed` the case goes on, so that it hides nothing: later steps about another call
 * are judged as ever, of others only what holds. Never rejects.
 */
export async function play(
  playing: Playing,
  steps: readonly Step[],
  scripted: Role | undefined,
  failed: readonly Promise<Error>[],
  limitMs: number,
  disputed: (step: Step) => boolean,
): Promise<Played> {
  const outcomes: StepOutcome[] = [];
  const lost: number[] = [];
  /** Steps that broke, though not everybody says that they had to hold. */
  const doubts: Step[] = [];
  let step = 0;
  const { environment } = playing.stage;
  let stopTimer = (): void => {};
  const late = new Promise<Error>((resolve) => {
    stopTimer = environment.after(limitMs, () => {
      resolve(new TimeLimitError(`the steps of the case took longer than ${Math.round(limitMs)} ms, this one was under way`));
    });
  });
  /** What went wrong outside of the steps, and who is to hear of it: the step under way. */
  let trouble: { readonly error: Error } | undefined;
  let interrupt = (_error: Error): void => {};
  // One that comes while no step is being carried out is met by the next. Races would hang on to every step until the last is over.
  for (const failure of [...failed, late]) {
    void failure.then((error) => {
      trouble ??= { error };
      interrupt(error);
    });
  }
  const unlessFailed = <T>(doing: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      doing.then(resolve, reject);
      interrupt = reject;
      // What is done already is done.
      if (trouble !== undefined) Promise.reject(trouble.error).catch(reject);
    });
  try {
    const ownMain = steps.some(({ action }) => action.kind === 'connect' && action.client === 'main');
    if (!ownMain) await unlessFailed(connect(playing, IMPLICIT_CONNECT));
    for (; step < steps.length; step += 1) {
      const current = steps[step];
      if (current === undefined) break;
      const pause = playing.pace?.before(step) ?? 0;
      if (pause > 0) await unlessFailed(elapse(playing.stage, pause * playing.timeScale));
      playing.stage.recorder.step(step, 'begin');
      if (!judges(current.action)) playing.asked.count += 1;
      const before = playing.lostMs();
      const outcome = await unlessFailed(carryOut(playing, current, scripted));
      lost.push(playing.lostMs() - before);
      playing.stage.recorder.step(step, 'end');
      const follows = !outcome.ok && doubts.some((doubt) => !areApart(doubt, current));
      outcomes.push(follows ? { ...outcome, follows } : outcome);
      if (outcome.ok || follows) continue;
      if (!disputed(current)) break;
      doubts.push(current);
    }
    return { outcomes, lost, failure: undefined };
  } catch (error) {
    return { outcomes, lost, failure: { step, error } };
  } finally {
    stopTimer();
  }
}

/** Whether two steps are about different calls, so that what one shows is no consequence of the other. */
function areApart({ action: a }: Step, { action: b }: Step): boolean {
  return 'call' in a && 'call' in b && a.call !== b.call;
}

async function carryOut(playing: Playing, { action }: Step, scripted: Role | undefined): Promise<StepOutcome> {
  const { client, recorder } = playing.stage;
  switch (action.kind) {
    case 'connect':
      await connect(playing, action);
      return HELD;
    case 'serve':
      return serve(playing, action);
    case 'stop':
      await stop(playing, action);
      return HELD;
    case 'invoke':
    case 'send':
    case 'credit':
    case 'finish':
    case 'cancel':
      return doWithCall(playing, action);
    case 'disconnect':
      recorder.application('client', action.client, { kind: 'disconnect' });
      await client.disconnect({ client: action.client });
      return HELD;
    case 'start':
      return start(playing, action);
    case 'receive':
      return receive(playing, action);
    case 'end':
      return end(playing, action);
    case 'status':
      return status(playing, action);
    case 'handler':
      return handler(playing, action);
    case 'closed':
      return closed(playing, action);
    case 'opened':
      return opened(playing, action);
    case 'await':
      return awaitFrame(playing, action);
    case 'quiet':
      return quiet(playing, action);
    case 'fault':
      playing.stage.fault(action.fault);
      return HELD;
    case 'broker':
      return broker(playing, action);
    case 'toxic':
      await playing.stage.toxic(action.toxic);
      return HELD;
    case 'peer':
      return peer(playing, action.command, scripted);
  }
}
