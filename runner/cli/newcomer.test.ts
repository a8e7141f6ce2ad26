import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { askedCommandLine } from './testing/command-line.ts';

const { folder, weir } = askedCommandLine('newcomer');
const GOOD = join(packageRoot(), 'implementations', 'reference-node', 'adapter.mjs');
const MANIFEST = {
  name: 'mine',
  title: 'Mine',
  language: 'JavaScript',
  protocol: 'river',
  roles: ['client'],
  command: [process.execPath, GOOD],
};

/** An adapter that says of itself what a good one says, but for this; and can do nothing. */
function adapterNaming(other: object): string {
  const kit = JSON.stringify(join(packageRoot(), 'kits', 'typescript', 'index.mjs'));
  const info = {
    control: 1,
    name: 'mine',
    version: '1',
    language: 'JavaScript',
    protocol: 'river',
    roles: ['client'],
    features: [],
    concurrency: 1,
  };
  return `import { run } from ${kit};\nrun({ info: ${JSON.stringify({ ...info, ...other })}, connect: () => ({ invoke: () => ({}), dial() {}, close() {} }) });\n`;
}

beforeAll(() => {
  for (const [file, text] of FILES) {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
});

const FILES: readonly (readonly [file: string, text: string])[] = [
  ['empty.yaml', ''],
  ['trace.jsonl', '{"weir-trace":1,"weir":"0.1.0"}\n{}\n'],
  ['results.json', '{\n  "schema": "weir-results/1",\n  "runs": []\n}\n'],
  ['lines.jsonl', '{"weir-results-lines":1}\n{}\n'],
  ['comment.yaml', '# nothing yet\n'],
  ['list.yaml', '- invoke\n'],
  ['two.yaml', 'title: One of two documents\n---\ntitle: The other\n'],
  ['empty/implementation.yaml', ''],
  ['list/implementation.yaml', '- 1\n'],
  [
    'bomb.yaml',
    `a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\n${[...'bcdefghi'].map((name, i) => `${name}: &${name} [${`*${'abcdefgh'[i]}, `.repeat(9)}]\n`).join('')}`,
  ],
  ['features/implementation.yaml', JSON.stringify({ ...MANIFEST, features: ['metadta', 'status-events'] })],
  ['binding/implementation.yaml', JSON.stringify({ ...MANIFEST, command: [process.execPath, 'adapter.mjs'] })],
  ['binding/adapter.mjs', adapterNaming({ bindings: ['jsn'] })],
  ['shapeless/implementation.yaml', JSON.stringify({ ...MANIFEST, command: [process.execPath, 'adapter.mjs'] })],
  ['shapeless/adapter.mjs', adapterNaming({ bindings: ['json'], language: undefined })],
  ['forgotten/adapter.mjs', ''],
  ['no-program/implementation.yaml', JSON.stringify({ ...MANIFEST, command: ['weir-has-no-such-program'] })],
  ['throws/implementation.yaml', JSON.stringify({ ...MANIFEST, command: [process.execPath, 'adapter.mjs'] })],
  ['throws/adapter.mjs', "throw new Error('boom');\n"],
  ['unbuilt/implementation.yaml', JSON.stringify({ ...MANIFEST, setup: [[process.execPath, 'build.mjs']] })],
  ['unbuilt/build.mjs', "console.error('Main.java:3: error: cannot find symbol\\n  symbol: RSocket\\n1 error'); process.exit(1);\n"],
  ['codecs/implementation.yaml', JSON.stringify({ ...MANIFEST, roles: ['server'] })],
];

/** What somebody types, the exit code, and what helps; one more is a line. */
const TRIES: readonly (readonly [words: string, exitCode: number, told: RegExp])[] = [
  ['run empty.yaml', 2, /empty\.yaml:1:1: the file is empty[\s\S]*it has keys, such as `title`/],
  ['run comment.yaml', 2, /comment\.yaml:1:\d+: the file is empty/],
  ['run list.yaml', 2, /the file must be a map of keys, not a list/],
  ['run two.yaml', 2, /two\.yaml:2:1: a second document begins here; a file holds one/],
  ['run -i empty', 2, /implementation\.yaml:1:1: the file is empty[\s\S]*`name`/],
  ['run -i list', 2, /the file must be a map of keys, not a list/],
  ['run rpc/add -i features --no-output', 0, /names the feature "metadta", which River v2\.0 does not have; did you mean `metadata`\?/],
  ['run rpc/add --world simulated --no-output -o x', 2, /--output and --no-output contradict each other/],
  ['run rpc/add --world simulated -o x --no-output', 2, /--output and --no-output contradict each other/],
  ['run rpc/add --world simulated --no-output --repeat 1000000000', 2, /more than 262144 case-runs[\s\S]*--repeat/],
  ['call river ws://127.0.0.1:1 test.add', 1, /refused|nothing listens/i],
  ['call river 127.0.0.1:1 test.add', 2, /URL/],
  ['call river ws://127.0.0.1:1 add', 2, /service\.procedure/],
  ['replay trace.jsonl', 2, /no bundle but a trace, which does not say how its run is made again/],
  ['check results.json', 2, /no bundle but the results of a run: the bundles of its failures lie in bundles\/ beside it/],
  ['replay lines.jsonl', 2, /no bundle but the results of a run/],
  [`run ${'*a'.repeat(20_000)} --no-output`, 2, /^cannot select by/],
  [`run clamator/contract/methods --no-output --redis-url redis://u:${'s3cr3t'.repeat(500)}@127.0.0.1:1`, 2, /^the Redis at (?!.*s3cr3t)/],
  [`query ${'('.repeat(30_000)} nowhere`, 2, /at most 2000 characters[\s\S]*… 30000 characters/],
  ['replay nowhere.json', 2, /nowhere\.json/],
  ['merge nowhere.json', 2, /nowhere\.json/],
  ['run -i empt', 2, /no implementation "empt"[\s\S]*did you mean `empty`\?/],
  ['run -i forgotten', 2, /forgotten has an implementation\.yaml|the folder is there[\s\S]*weir init/],
  ['run -i zzzzzzzzzzzzzzzzzz', 2, /`npx weir init` begins one/],
  ['run rsocket/request-response/plain -i features', 2, /names cases of rsocket, and what is run speaks river/],
  ['run rpc/add -i no-program', 2, /there is no such program here/],
  ['run rpc/add -i shapeless', 2, /the answer lacks `language`/],
  ['run rpc/add -i unbuilt', 2, /failed \(exit code 1\): Main\.java:3: error: cannot find symbol\n {2}Main\.java:3/],
  ['doctor unbuilt', 2, /failed \(exit code 1\): Main\.java:3: error: cannot find symbol[\s\S]*symbol: RSocket/],
  ['doctor no-program --quick', 1, /there is no program `weir-has-no-such-program` here\n +mend +Install the program/],
  ['doctor throws --quick', 1, /Error: boom, at throws\/adapter\.mjs:1[\s\S]*mend +Start it by hand[\s\S]*\| Error: boom/],
  ['doctor shapeless --quick', 1, /came +the answer lacks `language`/],
  ['doctor features --quick', 1, /✗ its bindings and features[\s\S]*"metadta"[\s\S]*did you mean `metadata`/],
  ['doctor binding --quick', 1, /✗ its bindings and features[\s\S]*"jsn"[\s\S]*did you mean `json`/],
  ['check empty.yaml', 2, /empty\.yaml/],
  ['matrix swil', 2, /there is no protocol "swil"; did you mean `swill`\?/],
  ['matrix __proto__', 2, /there is no protocol "__proto__"/],
  ['matrix river -i nowhere', 2, /no implementation "nowhere"/],
  ['matrix --choice bomb.yaml', 2, /more than 1000000 values/],
  ['run rsokcet/** --no-output', 2, /there is no protocol "rsokcet"; did you mean `rsocket`\?/],
  ['bisect reference-node river/rpc/ad --versions 1', 2, /no case matches `river\/rpc\/ad`; did you mean `river\/rpc\/add`/],
  ['init empty.yaml --name a --language python --protocol river --role client', 2, /EEXIST/],
  ['view nowhere --port 99999', 2, /expected a port, 0 to 65535/],
  ['tap river --upstream ws://127.0.0.1:1 --ui --ui-port 99999', 2, /expected a port, 0 to 65535/],
  ['tap river --upstream ws://127.0.0.1:1 --timer heartbeatIntervalMs=Infinity', 2, /--timer takes name=ms, at most \d+ ms/],
  ['tap river --upstream ws://127.0.0.1:1 --frame {"payload":{"$match":"(?=a)"}}', 2, /\$match takes a regular expression/],
  [
    'tap river --upstream ws://127.0.0.1:1 --fault {"drop":{"frame":{"payload":{"$match":"(?=a)"}}}}',
    2,
    /\$match takes a regular expression/,
  ],
  ['tap river --upstream ws://127.0.0.1:1 -o empty', 2, /cannot write empty: EISDIR/],
  ['tap clamator --upstream redis://127.0.0.1:1 --clients 1000000000', 2, /expected at most 256/],
  ['tap clamator --upstream redis://10.0.0.1:1', 2, /is not on the loopback/],
  ['tap rsocket --upstream tcp://10.0.0.1:1', 2, /is not on the loopback/],
  ['tap connect --upstream http://example.org:1', 2, /is not on the loopback/],
  ['tap swill --upstream ws://10.0.0.1:1', 2, /is not on the loopback/],
  ['serve clamator --redis-url x', 2, /--redis-url takes a URL redis:\/\/host:port, not "x"/],
  ['serve clamator --redis-url redis://127.0.0.1:1', 2, /nothing listens at 127\.0\.0\.1:1/],
  ['serve rsocket --option fragmentsize=64', 2, /a server of RSocket 1\.0 has no option "fragmentsize"; did you mean `fragmentSize`/],
  ['serve connect --option __proto__=1', 2, /a server of Connect has no option "__proto__"; /],
  ['run rpc/add --redis-url redis://127.0.0.1:1', 2, /nothing stands between the ends of River v2\.0; leave --redis-url out/],
  ['serve swill --option hooks=1', 2, /--option: hooks: .*expected record/],
  ['call rsocket http://127.0.0.1:1 echo "x"', 2, /takes a URL tcp:\/\/host:port or ws:\/\/host:port/],
  ['call rsocket tcp://127.0.0.1:1 constructor', 2, /constructor is none of the standard test services/],
  ['call clamator x calc.add', 2, /takes a URL redis:\/\/host:port/],
  ['query count:9-1(a) nowhere', 2, /the second number is the smaller one/],
  ['query verdict:purple nowhere', 2, /verdict:purple is none; there are pass/],
];

test.each(TRIES)('weir %s', async (words, exitCode, told) => {
  const ran = await weir(...words.split(' '));
  expect((ran.stdout + ran.stderr).length).toBeLessThan(20_000);
  expect(ran.stdout + ran.stderr).toMatch(told);
  expect(ran.exitCode).toBe(exitCode);
  expect(ran.stderr).not.toContain('bug of Weir');
});
