// Imported into a runner under test: it never comes back from the first random number that a run in virtual time takes.
const { imul } = Math;
let taken = 0;
Math.imul = (...factors) => {
  taken += 1;
  if (taken > 1) return imul(...factors);
  process.stderr.write('busy for ever\n');
  for (;;);
};
