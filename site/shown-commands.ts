/** Commands of the documents that no guide plays: what runs them, or why nothing does. */
export type Shown =
  /** A file of the project runs them, or the same command with arguments of its own; `as` stands in that file. */
  | { readonly commands: readonly string[]; readonly ranBy: string; readonly as: string }
  | { readonly commands: readonly string[]; readonly notRun: string };

/** One line of a shell block as a command: without its comment. */
export function commandOf(line: string): string {
  return line.replace(/(^|\s+)# .*$/, '').trim();
}

/** All of them; `site/commands.test.ts` holds it against the documents. */
export const SHOWN: readonly Shown[] = [
  { commands: ['npm ci && npm start', 'npm ci'], ranBy: '.ci/run', as: 'npm start' },
  { commands: ['npm ci && npm test', 'npm test'], ranBy: '.ci/run', as: 'npx vitest run' },
  { commands: ['npm run check'], ranBy: '.ci/run', as: 'npm run --silent check' },
  { commands: ['npm run lint'], ranBy: '.ci/run', as: 'npx biome ci .' },
  { commands: ['npm run docs'], ranBy: '.ci/run', as: 'node dist/site/main.js' },
  { commands: ['npm run mutants'], ranBy: '.ci/run', as: 'node dist/runner/mutants/main.js' },
  { commands: ['npm run variants'], ranBy: '.ci/run', as: 'node dist/runner/variants/main.js' },
  {
    commands: ["node dist/runner/variants/main.js --protocol swill --variant 'client-*' 'server-*'"],
    ranBy: '.ci/run',
    as: "--variant 'client-*' 'server-*'",
  },
  {
    commands: [
      'npx weir run --implementation ./implementation.yaml',
      'npx weir run --implementation replit-river',
      'npx weir run --implementation replit-river@0.17.5',
      'npx weir run --implementation connect-node',
    ],
    ranBy: '.ci/run',
    as: "columns replit-river '0.17.20",
  },
  {
    commands: [
      "npx weir run 'rsocket/**' --implementation rsocket-js --against rsocket-py",
      "npx weir run 'rsocket/{request-response,fire-and-forget,stream,channel}/**' --role client --implementation rsocket-js --against rsocket-py",
    ],
    ranBy: '.ci/run',
    as: '--implementation rsocket-js --against rsocket-js-0',
  },
  {
    commands: [
      'npx weir run --protocol clamator',
      'npx weir run --protocol clamator --world simulated',
      'npx weir run --protocol connect',
      'npx weir run --protocol swill',
    ],
    ranBy: '.ci/run',
    as: 'weir run --protocol "$protocol" --world real',
  },
  { commands: ['npx weir run --protocol swill --world simulated --sweep --axes smoke'], ranBy: '.ci/run', as: '--world simulated --sweep' },
  {
    commands: ["npx weir run 'river/toxic/*' --toxiproxy-url http://127.0.0.1:8474"],
    ranBy: '.ci/run',
    as: "'river/toxic/*' --toxiproxy-url",
  },
  {
    commands: ['go install github.com/Shopify/toxiproxy/v2/cmd/server@latest && "$(go env GOPATH)/bin/server" &'],
    ranBy: '.ci/run',
    as: 'go install github.com/Shopify/toxiproxy/v2/cmd/server@latest',
  },
  { commands: ['npx weir fuzz', 'npx weir fuzz rsocket', 'npx weir fuzz swill'], ranBy: '.ci/run', as: 'weir fuzz "$protocol"' },
  { commands: ['npx weir fuzz -i ./implementation.yaml --time 300'], notRun: 'It takes five minutes, with an implementation of yours.' },
  {
    commands: ['buf build "$(go env GOMODCACHE)/connectrpc.com/conformance@v1.0.6/proto" --output suite.binpb'],
    ranBy: '.ci/run',
    as: '.bin/buf" build',
  },
  {
    commands: [
      'npx weir matrix river',
      "npx weir matrix river --only replit-river --case 'river/rpc/*'",
      'npx weir matrix river --implementation ./implementation.yaml',
    ],
    ranBy: '.ci/run',
    as: 'weir matrix river --only',
  },
  {
    commands: [
      'npx weir bisect replit-river river/reconnect/closed-with-1000',
      'npx weir bisect ./implementation.yaml river/rpc/add@client+json --versions 1.0 1.1 1.2 2.0',
      'npx weir bisect ./implementation.yaml river/rpc/add --git v1.0..main',
    ],
    ranBy: 'runner/cli/bisect.test.ts',
    as: "'bisect'",
  },
  {
    commands: [
      'npx weir diff reports/before reports/after',
      'npx weir diff reports/replit-river-0.17.5 reports/replit-river-0.17.20',
      'npx weir diff bundles/good.json bundles/bad.json',
    ],
    ranBy: 'runner/cli/diff.test.ts',
    as: "'diff'",
  },
  {
    commands: ['npx weir distil tap.jsonl', 'npx weir distil tap.jsonl --finding 2 -i ./implementation.yaml'],
    ranBy: 'runner/cli/distil.test.ts',
    as: "'distil'",
  },
  {
    commands: [
      'npx weir export bundles/connect-unary-echo@server+json.json --har -o echo.har',
      `npx weir export trace.jsonl --jsonl | jq -r 'select(.type == "sent") | [.t, .from, .summary] | @tsv'`,
    ],
    ranBy: 'runner/cli/export.test.ts',
    as: "'--har'",
  },
  {
    commands: [`npx weir export failing.json --pcapng | tshark -r - -Y 'frame.comment contains "fault"'`],
    ranBy: 'runner/export/pcapng.test.ts',
    as: 'tshark',
  },
  {
    commands: [
      'npx weir serve clamator --redis-url redis://127.0.0.1:6379 --space demo',
      `npx weir call clamator redis://127.0.0.1:6379 calc.add '{"a":1,"b":2}' --space demo`,
      'npx weir run --protocol clamator --redis-url redis://127.0.0.1:6379',
    ],
    ranBy: 'runner/cli/broker.test.ts',
    as: "'--redis-url'",
  },
  {
    commands: [
      'npx weir tap river --listen 4000 --upstream ws://localhost:3000',
      'npx weir tap connect --listen 4000 --upstream http://localhost:3000',
    ],
    ranBy: 'runner/cli/tap.test.ts',
    as: "'tap'",
  },
  {
    commands: ['npx weir serve swill --port 8080', "npx weir call swill ws://127.0.0.1:8080/ws sum '[20,22]'"],
    ranBy: 'runner/cli/carrier.test.ts',
    as: "'call'",
  },
  { commands: ['npm run schemas'], notRun: 'It writes the schemas; that they are up to date runner/cases/json-schema.test.ts says.' },
  {
    commands: ['npm run docs:open'],
    notRun: 'It serves until it is ended, and opens a browser; site/browser.test.ts looks at what it serves.',
  },
  {
    commands: ['npm run matrix'],
    notRun:
      'Every implementation with every case takes hours; .ci/run makes a small matrix and looks whether the published ones belong to the corpora.',
  },
  {
    commands: [
      'npm run bench',
      'npm run bench -- --quick',
      'npm run bench -- --only corpus --only proxy',
      'npm run bench -- --json',
      'npm run bench -- --markdown docs/performance.md',
    ],
    notRun: 'It measures, for which the machine must have nothing else to do.',
  },
  { commands: ['node viewer/testing/screenshots.mjs'], notRun: 'Its pictures are for eyes; tests of viewer/app look at the same pages.' },
  { commands: ['bash .ci/run'], notRun: 'It is what runs all the others.' },
  {
    commands: [
      'npx weir-conformance run --implementation ./implementation.yaml --report html junit ctrf tap sarif markdown badge --output weir-report',
      'code=$?',
      'cat weir-report/summary.md',
      'exit "$code"',
    ],
    notRun: 'It asks for the published package; runner/cli/package.test.ts runs the packed one, reporters/ has a test for each report.',
  },
  {
    commands: [
      'git fetch origin badges && git worktree add ../badges origin/badges',
      'cp weir-report/badge-*.* ../badges/ && cd ../badges && git add . && git commit --message badge && git push origin HEAD:badges',
    ],
    notRun: 'It pushes to a repository of yours.',
  },
  {
    commands: [
      'cd implementations/connect-node',
      'connectconformance --conf ../../suites/connect/config.yaml --mode client -- node suite/client.mjs node_modules/.versions/2.1.2 ../../suite.binpb',
    ],
    notRun: 'The official suite against a library is no check of Weir; .ci/run has the suite against our peers.',
  },
  {
    commands: ['npx weir export failing.json --pcapng -o failing.pcapng && wireshark failing.pcapng'],
    notRun: 'It opens a window; tshark reads the same capture in a test.',
  },
  { commands: ['docker compose up -d'], notRun: 'It needs Docker; .ci/run builds the same Toxiproxy.' },
];
