// Imported into a runner under test: after SIGUSR2 it does nothing else until signals are left to the system, which the event tells.
process.on('SIGUSR2', () => {
  // It sleeps, which costs no processor, and hears signals as little; between two naps it can be reached into.
  const stuck = new Int32Array(new SharedArrayBuffer(4));
  process.once('weir-stuck', () => Atomics.store(stuck, 0, 1));
  while (Atomics.load(stuck, 0) === 0) Atomics.wait(stuck, 0, 0, 100);
  // The first beat after it takes the signals back.
  setTimeout(() => process.stderr.write('turning again\n'), 1000);
});
