import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/**
 * Tests of what leaves nothing behind in its process. A file of them begins with what earlier ones loaded: loading it all again for each
 * took a third of their processor time.
 */
const SHARING = [
  'protocols/**/*.test.ts',
  'reporters/**/*.test.ts',
  'reference-{client,server}/**/*.test.ts',
  'runner/{baseline,bench,bisect,bundles,cases,compare,coverage,diff,execute,export,faults,files,globs,init,judge,masking,matrix}/**/*.test.ts',
  'runner/{mutants,plan,query,results,spill,sweep,toxics,variants,worlds}/**/*.test.ts',
];

/** Of the command line: they take long and only start processes of their own. After what is apart, before what is short. */
const COMMANDS = ['runner/cli/**/*.test.ts'];

/** Those that share which hold the memory of the process against a bound, attack a peer in it, or take long: these come before the short ones. */
const ALONE = ['protocols/carriers/**/*.test.ts', '**/{attacks,forget,false-greens,equal}.test.ts'];

/** What no project runs: what packages bring, and what `--exclude` names, which Vitest does not hand on to projects. */
const NOWHERE = ['**/node_modules/**', ...process.argv.filter((_word, i, words) => words[i - 1] === '--exclude')];

export default defineConfig({
  test: {
    // Bounds of what hangs, not of what is slow: a machine may be busy with much else.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Most of them wait for processes that they started. Vitest's own choice, a core fewer than there are, leaves both half idle.
    maxWorkers: availableParallelism() + 1,
    // By name: what takes long comes first, and what is short fills the workers at the end.
    projects: [
      {
        extends: true,
        test: {
          name: 'apart',
          include: ['{action,brokers,runner,viewer,site,implementations,kits}/**/*.test.ts'],
          exclude: [...NOWHERE, ...COMMANDS, ...SHARING],
        },
      },
      { extends: true, test: { name: 'apart too', include: ALONE, exclude: NOWHERE } },
      { extends: true, test: { name: 'commands', include: COMMANDS, exclude: NOWHERE, isolate: false } },
      { extends: true, test: { name: 'sharing', include: SHARING, exclude: [...NOWHERE, ...ALONE], isolate: false } },
    ],
  },
});
