// Imported into a runner under test: after SIGUSR2 it does nothing else until signals are left to the system, which the event tells.
process.on('SIGUSR2', () => {
  // What an engine has optimised need not look at a variable again that nothing in the loop sets.
  const stuck = new Int32Array(1);
  process.once('weir-stuck', () => Atomics.store(stuck, 0, 1));
  while (Atomics.load(stuck, 0) === 0);
  // The first beat after it takes the signals back.
  setTimeout(() => process.stderr.write('turning again\n'), 1000);
});
