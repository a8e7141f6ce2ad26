// Imported into a runner under test: with SIGUSR2 nothing else of it is done any more.
process.on('SIGUSR2', () => {
  process.stderr.write('busy for ever\n');
  for (;;);
});
