// Imported into a runner under test: rejects where nobody listens, at SIGUSR2.
process.on('SIGUSR2', () => void Promise.reject(new Error('the sky is falling')));
