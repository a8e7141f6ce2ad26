import { measureStability } from './stability.ts';

/** `npm run stability`: the corpus ten times over with all cores kept busy; exits with 1 where any verdict differs. */
const given = process.argv.slice(2);
const args = given.length > 0 ? given : ['--repeat', '10'];
const { runs, durationMs, unstable } = await measureStability(args);
for (const { id, verdicts, message } of unstable) {
  const counts = Object.entries(verdicts).map(([verdict, count]) => `${count} ${verdict}`);
  process.stdout.write(`${id}: ${counts.join(', ')}${message === undefined ? '' : `\n  ${message}`}\n`);
}
process.stdout.write(
  `${unstable.length} of the case-runs were not stable (${runs} runs in ${(durationMs / 1000).toFixed(1)} s, all cores busy)\n`,
);
process.exitCode = unstable.length === 0 ? 0 : 1;
