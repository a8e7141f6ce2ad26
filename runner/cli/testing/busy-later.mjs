// Imported into a runner under test: with SIGUSR2 its turn never ends, which costs no processor, and signals are as little heard.
process.on('SIGUSR2', () => {
  process.stderr.write('busy for ever\n');
  for (const never = new Int32Array(new SharedArrayBuffer(4)); ; ) Atomics.wait(never, 0, 0, 100);
});
