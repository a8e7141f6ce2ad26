import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{protocols,reference-client,reference-server,runner,reporters,viewer,implementations}/**/*.test.ts'],
    testTimeout: 30_000,
  },
});
