// Takes signals as a run does and does nothing else for a turn that is long enough to be reached into: once while it runs cases, once when only
// its reports are left. Prints as JSON how many times signals were left to the system.
import { takeInterrupts } from '../../../dist/runner/cli/interrupt.js';

const interrupt = takeInterrupts(process, () => {});
interrupt.begin();
let left = 0;
process.on('weir-stuck', () => {
  left += 1;
});

function turn(until) {
  const nap = new Int32Array(new SharedArrayBuffer(4));
  for (let naps = 0; !until(naps); naps += 1) Atomics.wait(nap, 0, 0, 100);
}

turn(() => left > 0);
const inRun = left;
await new Promise((resolve) => setTimeout(resolve, 1000));
const taken = process.listenerCount('SIGINT');
interrupt.settled();
turn((naps) => naps > 40);
process.stdout.write(JSON.stringify({ inRun, taken, inReports: left - inRun, heard: process.listenerCount('SIGINT') }));
interrupt.forget();
