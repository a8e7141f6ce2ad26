// Imported into a runner under test: after SIGUSR2 it does nothing else until signals are left to the system, which the event tells.
process.on('SIGUSR2', () => {
  let stuck = false;
  process.once('weir-stuck', () => {
    stuck = true;
  });
  while (!stuck);
  // The first beat after it takes the signals back.
  setTimeout(() => process.stderr.write('turning again\n'), 1000);
});
