// usage: node bound-upload.mjs <report folder> <MiB>
// Deletes what does not fit of a report: first the lines that results.json has too, then traces and bundles, the least telling
// first (what passed, what is known, what repeats a cause), then what other files are largest. Says what is gone.
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const [folder = 'weir-report', mib = '50'] = process.argv.slice(2);
const bound = Number(mib) * 1024 * 1024;
if (!(bound > 0)) {
  process.stderr.write(`the bound of the upload must be a number of MiB above 0, not ${JSON.stringify(mib)}\n`);
  process.exit(2);
}

const sizes = new Map(
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => [file, statSync(file).size]),
);
let left = [...sizes.values()].reduce((sum, size) => sum + size, 0);
const gone = { files: 0, bytes: 0 };

for (const file of [join(folder, 'results.jsonl'), ...evidence(), ...largestFirst()]) {
  if (left <= bound) break;
  const size = sizes.get(file);
  if (size === undefined) continue;
  rmSync(file);
  sizes.delete(file);
  left -= size;
  gone.files += 1;
  gone.bytes += size;
}
if (gone.files > 0)
  process.stdout.write(`left out of the upload, which may have ${mib} MiB: ${gone.files} files with ${Math.ceil(gone.bytes / 1024)} KiB\n`);

/** Traces and bundles, the least telling first. */
function evidence() {
  const seen = new Set();
  const ranked = runs().map(({ verdict, expected, findings = [], trace, bundle }) => {
    const cause = `${verdict} ${findings[0]?.fingerprint ?? ''}`;
    const repeated = seen.has(cause);
    seen.add(cause);
    const rank = verdict === 'pass' ? 4 : (expected === 'known-failure' ? 2 : 0) + (repeated ? 1 : 0);
    return { rank, files: [trace, bundle].filter((path) => path !== undefined).map((path) => join(folder, path)) };
  });
  return ranked.sort((a, b) => b.rank - a.rank).flatMap(({ files }) => files);
}

function runs() {
  const file = join(folder, 'results.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).runs : [];
}

/** The rest; results.json and the summary go last, since the others can be made of them again. */
function largestFirst() {
  const last = (file) => (/(results\.json|summary\.md)$/.test(file) ? 1 : 0);
  return [...sizes].sort((a, b) => last(a[0]) - last(b[0]) || b[1] - a[1]).map(([file]) => file);
}
