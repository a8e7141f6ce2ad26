// Imported into a runner under test: throws where nobody catches, at SIGUSR2.
process.on('SIGUSR2', () => {
  throw new Error('the sky is falling');
});
