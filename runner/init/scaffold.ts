import { stringify } from 'yaml';
import type { Language } from './language.ts';
import { type Facts, fill } from './template.ts';

/** A file to be written: its path below the new folder, and its text. */
export interface NewFile {
  readonly path: string;
  readonly text: string;
}

/** What a new adapter begins with, beside its kit: `templates` are the language's own files, by their names. */
export function scaffold(facts: Facts, language: Language, templates: ReadonlyMap<string, string>): NewFile[] {
  return [
    { path: 'implementation.yaml', text: manifest(facts, language) },
    ...[...templates].map(([path, text]) => ({ path, text: fill(text, facts) })),
    { path: 'known-failures.yaml', text: knownFailures(facts) },
    ...(language.ignored.length === 0 ? [] : [{ path: '.gitignore', text: [...language.ignored, ''].join('\n') }]),
  ];
}

function manifest({ name, protocol, roles, timers }: Facts, language: Language): string {
  const { command, setup, prerequisites } = language;
  const startup = language['startup-ms'];
  return `# What is tested, and how its adapter is started; docs/adapters.md of Weir has every key.\n${stringify({
    name,
    title: name,
    language: language.language,
    protocol,
    roles: [...roles],
    command,
    ...(setup === undefined ? {} : { setup }),
    ...(startup === undefined ? {} : { 'startup-ms': startup }),
    ...(prerequisites === undefined ? {} : { prerequisites }),
    'known-failures': 'known-failures.yaml',
  })}${FIXED_TIMERS}# timers: ${JSON.stringify(timers)}
`;
}

const FIXED_TIMERS = `# Timers that the library cannot set, with the values they have, in ms of the wall clock; of all others the adapter is told theirs.
`;

/** None yet, and how one is written. */
function knownFailures({ first }: Facts): string {
  return `# What fails today and is known, each with its reason, so that only news breaks the build:
#   - case: ${first ?? 'an id, or a glob'}
#     reason: What the library does in place of it.
#     link: https://example.org/issues/12
# "weir baseline write --implementation <this folder>" writes what fails now.
[]
`;
}

/** A workflow of GitHub that runs the corpus at each change; `folder` is the implementation's, from the root of the repository. */
export function workflow(name: string, folder: string, ci: Language['ci']): string {
  const own = ci
    .map((step) => `      - name: ${step.name}\n        run: ${step.run}\n        working-directory: ${JSON.stringify(folder)}\n`)
    .join('');
  return `# Runs Weir's corpus against ${name}; docs/ci.md of Weir has the same for GitLab and a plain shell.
name: conformance of ${name}
on: [push, pull_request]
jobs:
  weir:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 22 }
${own}      - run: npx weir-conformance run --implementation ${JSON.stringify(folder)} --report html junit markdown --output weir-report
      - if: always()
        run: cat weir-report/summary.md >>"$GITHUB_STEP_SUMMARY"
      - if: always()
        uses: actions/upload-artifact@v4
        with: { name: weir-report, path: weir-report }
`;
}
