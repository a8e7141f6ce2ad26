import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      '{action,brokers,protocols,reference-client,reference-server,runner,reporters,viewer,site,implementations,kits}/**/*.test.ts',
    ],
    // Bounds of what hangs, not of what is slow: a machine may be busy with much else.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Most of them wait for processes that they started. Vitest's own choice, a core fewer than there are, leaves both half idle.
    maxWorkers: availableParallelism() + 1,
  },
});
