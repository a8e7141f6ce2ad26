import { Session } from 'node:inspector';
import { workerData } from 'node:worker_threads';
import { BEAT_MS, STUCK } from './loop-watch.ts';

// The thread that watches the main one (loop-watch.ts). A debugger can stop what is in the middle of a turn, and nothing else can.

/** So many looks in a row without a sign of the main thread are a turn of two seconds. */
const LOOKS = 8;

const beats = workerData as Int32Array;
let last = -1;
let without = 0;
let session: Session | undefined;

setInterval(() => {
  const now = Atomics.load(beats, 0);
  // Looks are counted, not time: a machine that lets neither thread run says nothing about the main one.
  without = now === last ? without + 1 : 0;
  last = now;
  // Again and again, as long as it is stuck: a debugger may be refused, or stop it where it does not go on.
  if (without > 0 && without % LOOKS === 0) reachInto();
}, BEAT_MS);

/** Raises the event in the main thread, between two statements of what it is doing. */
function reachInto(): void {
  // What an earlier one stopped goes on.
  session?.disconnect();
  const own = new Session();
  session = own;
  own.connectToMainThread();
  const leave = (): void => {
    if (session !== own) return;
    session = undefined;
    own.disconnect();
  };
  own.once('Debugger.paused', () => {
    own.post('Runtime.evaluate', { expression: `process.emit(${JSON.stringify(STUCK)})` }, () => own.post('Debugger.resume', leave));
  });
  own.post('Debugger.enable', () => own.post('Debugger.pause'));
}
