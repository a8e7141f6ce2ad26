import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bindingNames } from '../../protocols/common/binding.ts';
import type { MakeReferenceClient } from '../../protocols/common/protocol.ts';
import { told } from '../../protocols/common/testing/told.ts';
import { isPlainObject } from '../../protocols/common/value.ts';
import type { Corpus, LoadedCase } from '../cases/case.ts';
import { loadCorpus } from '../cases/load.ts';
import { caseParser } from '../cases/parse.ts';
import { CorpusError } from '../cases/problem.ts';
import type { Completed } from '../execute/case-run.ts';
import { runCorpus } from '../execute/corpus-run.ts';
import { goldenSource } from '../execute/golden.ts';
import { maskedCaseText } from '../masking/case-text.ts';
import { maskerSource } from '../masking/of-run.ts';
import { createSecrets } from '../masking/secrets.ts';
import { packageRoot } from '../package-root.ts';
import { protocolEntry } from '../registry.ts';
import { completedRun } from '../results/assemble.ts';
import { simulatedWorld } from '../worlds/simulated/index.ts';
import { EvidenceError } from './evidence-error.ts';
import { type Bundle, readBundle, readTraceFile } from './format.ts';
import { caseOfBundle, judgeBundle, plannedOfBundle } from './judge.ts';
import { judgeTraceFile } from './judge-trace.ts';
import { bundleOf, traceLines } from './write.ts';

const entry = protocolEntry('river');
const protocol = await entry.protocol();
const corpus: Corpus = loadCorpus({ folder: join(packageRoot(), 'cases', 'river'), language: protocol, only: () => false });
const law = { protocol, catalogue: corpus };
const makeClient = await entry.makeClient();
const makeServer = await entry.makeServer(corpus.services);
const honest = { client: { kind: 'reference', make: makeClient }, server: { kind: 'reference', make: makeServer } } as const;
/** A source keeps what it made by the case's id, which all cases here share. */
const newGolden = () => goldenSource(simulatedWorld(), honest);

/** A client that misreports numbers. */
const liar: MakeReferenceClient = (environment, dial, events) =>
  makeClient(environment, dial, {
    ...events,
    message: ({ call, result }) => {
      const value = result.ok && isPlainObject(result.value) ? { ...result.value, result: 77 } : undefined;
      events.message({ call, result: value === undefined ? result : { ok: true, value } });
    },
  });

const ADD = `title: One answer
requirements: [RIVER-STREAM-RPC-01]
under-test: client
steps:
  - invoke: { as: sum, procedure: test.add, init: { n: 1 } }
  - receive: { from: sum, ok: { result: 1 } }
`;
/** The scripted server opens nothing, but the patterns name a stream by its call. */
const SCRIPTED = `title: A scripted answer
requirements: [RIVER-STREAM-RPC-01]
under-test: client
steps:
  - invoke: { as: sum, procedure: test.add, init: { n: 1 } }
  - await: { wire: { from: client, stream: sum } }
  - peer: { send: { stream: sum, payload: { ok: true, payload: { result: 1 } }, flags: [closed] } }
  - receive: { from: sum, ok: { result: 1 } }
trace: free
`;

function parse(text: string): LoadedCase {
  const parsed = caseParser(protocol, corpus)('test.yaml', 'river/test', text);
  if (!parsed.ok) throw new CorpusError(parsed.problems);
  return parsed.case;
}

async function bundleFrom(
  text: string,
  make: MakeReferenceClient,
  seed = 5,
  binding = 'json',
): Promise<{ bundle: Bundle; completed: Completed; lines: readonly object[] }> {
  const loaded = parse(text);
  const done: Completed[] = [];
  await runCorpus(
    {
      protocol,
      requirements: corpus.requirements,
      procedureKinds: corpus.procedureKinds,
      world: simulatedWorld(),
      golden: newGolden(),
      withEnds: (_assignment, _alone, use) =>
        use({ ...honest, client: { kind: 'reference', make }, shared: () => false, broken: () => undefined, stderr: () => 'last words' }),
      seed,
      strict: false,
      concurrency: 1,
      now: () => 0,
      stopped: () => false,
    },
    [{ id: `river/test@client+${binding}`, case: loaded, role: 'client', binding, repeat: 1 }],
    (completed) => void done.push(completed),
  );
  const [completed] = done;
  if (completed?.performance === undefined) throw new Error('it was not performed');
  const end = { name: 'reference', version: '0', reference: true, roles: ['client', 'server'], bindings: [binding], features: [] } as const;
  const planned = { ...completed.assignment, client: end, server: end, skip: undefined };
  const leaving = {
    protocol,
    version: '0',
    world: 'simulated',
    timeScale: 1,
    seed,
    strict: false,
    implementation: undefined,
    redact: [],
    root: '/',
  } as const;
  const secrets = createSecrets();
  const assembly = {
    protocol,
    requirements: corpus.requirements,
    listed: () => [],
    strict: false,
    timeScale: 1,
    reproduce: () => '',
    masker: secrets.masker,
  };
  const masker = maskerSource({ planned: [planned], protocol, secrets, implementation: undefined })(planned, completed);
  const run = completedRun(planned, completed, assembly, { masker });
  const bundle = bundleOf(planned, completed, run, maskedCaseText(text, masker), leaving, masker);
  return { bundle, completed, lines: [...traceLines(planned, completed.performance, leaving, masker)] };
}

async function judgeAgain(bundle: Bundle) {
  const read = readBundle('b.json', JSON.stringify(bundle));
  const loaded = caseOfBundle(read, law);
  const { role, binding } = plannedOfBundle(read, loaded);
  const today = await newGolden().of({ protocol, case: loaded, role, binding, seed: 0, procedureKinds: corpus.procedureKinds, ...honest });
  return judgeBundle(read, 'b.json', loaded, today, law);
}

describe('a bundle judged again says what the run said', () => {
  test.each([
    ['an application that was told something else', ADD, liar],
    ['a scripted peer', SCRIPTED, liar],
    ['a case that the reference pair does not get through', ADD.replace('result: 1', 'result: 2'), makeClient],
  ])('%s', async (_name, text, make) => {
    const { bundle, completed } = await bundleFrom(text, make);
    const again = await judgeAgain(bundle);
    expect(again.completed.judged).toEqual(completed.judged);
    expect(again.completed.judged.verdict).not.toBe('pass');
    expect(told(again.completed.performance?.trace)).toEqual(told(completed.performance?.trace));
  });

  test('of a sweep, the variant', async () => {
    const { bundle } = await bundleFrom(ADD, liar);
    const variant = caseOfBundle({ case: { ...bundle.case, id: 'river/test~cut-before:server:2' } }, law);
    expect(variant).toMatchObject({ id: 'river/test~cut-before:server:2', steps: [{ action: { kind: 'fault' } }, {}, {}] });
    expect(() => caseOfBundle({ case: { ...bundle.case, id: 'river/test~melt:server:2' } }, law)).toThrow('no variant "melt:server:2"');
  });

  test('under every binding, with values that JSON cannot carry', async () => {
    const text = `title: Bytes arrive as they are
requirements: [RIVER-STREAM-RPC-01]
under-test: client
steps:
  - invoke: { as: chat, procedure: test.echoBinary, init: { data: { $bytes: "AAH/" } } }
  - receive: { from: chat, ok: { length: 9 } }
`;
    const { bundle, completed } = await bundleFrom(text, makeClient, 5, 'msgpack');
    const again = await judgeAgain(bundle);
    expect(again.completed.judged).toEqual(completed.judged);
  });
});

test('what was left behind when bindings were called codecs is read as if it were of today', async () => {
  const { bundle, lines } = await bundleFrom(ADD, liar);
  const before = (text: string): string => text.replaceAll('"binding":', '"codec":').replaceAll('"judge":"expectation"', '"judge":"codec"');
  const text = JSON.stringify(bundle);
  const today = text.replaceAll('"judge":"expectation"', '"judge":"binding"');
  expect(before(text)).not.toBe(text);
  expect(readBundle('b.json', before(text))).toEqual(readBundle('b.json', today));
  const trace = lines.map((line) => JSON.stringify(line)).join('\n');
  expect(readTraceFile('t.jsonl', before(trace)).head).toEqual(readTraceFile('t.jsonl', trace).head);
});

test('a fingerprint is the same for every seed and binding: no id and no counter is in it', async () => {
  const seen = new Set<string | undefined>();
  for (const seed of [1, 2, 3]) {
    for (const binding of bindingNames(protocol)) seen.add((await bundleFrom(ADD, liar, seed, binding)).bundle.findings[0]?.fingerprint);
  }
  expect([...seen]).toEqual(['expectation/RIVER-STREAM-RPC-01/receive/result']);
});

test('a trace file is judged on its own', async () => {
  const { lines, completed } = await bundleFrom(ADD, liar);
  const file = readTraceFile('t.jsonl', lines.map((line) => JSON.stringify(line)).join('\n'));
  const { completed: again } = judgeTraceFile(file, 't.jsonl', undefined, 'client', law, false);
  const invariants = completed.judged.checkpoints.filter(({ judge }) => judge === 'invariant');
  expect(again.judged).toMatchObject({ verdict: 'pass', checkpoints: invariants });
});

test('no damage to a bundle does worse than a clear error', async () => {
  const { bundle } = await bundleFrom(ADD, liar);
  const text = JSON.stringify(bundle);
  const today = await newGolden().of({
    protocol,
    case: parse(ADD),
    role: 'client',
    binding: 'json',
    seed: 0,
    procedureKinds: corpus.procedureKinds,
    ...honest,
  });
  const damage = fc.tuple(
    fc.nat(text.length - 1),
    fc.nat(40),
    fc.oneof(fc.constant(''), fc.constantFrom('0', '-1', '1e999', 'null', '"x"', '{}', '[]', '}', '"'), fc.string()),
  );
  fc.assert(
    fc.property(damage, ([at, length, put]) => {
      try {
        const read = readBundle('b.json', text.slice(0, at) + put + text.slice(at + length));
        judgeBundle(read, 'b.json', caseOfBundle(read, law), today, law);
      } catch (error) {
        expect(error instanceof EvidenceError || error instanceof CorpusError ? 'clear' : error).toBe('clear');
        expect((error as Error).message.length).toBeGreaterThan(10);
      }
    }),
    { numRuns: 300 },
  );
});

describe('weir replay of the reference pair in the simulated world', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'weir-bundles-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const replay = async (bundle: Bundle) => {
    const file = join(folder, 'b.json');
    writeFileSync(file, JSON.stringify(bundle));
    const main = join(packageRoot(), 'dist', 'runner', 'cli', 'main.js');
    return execa(process.execPath, [main, 'replay', file], { reject: false, env: { NO_COLOR: '1' } });
  };

  test('is identical to the frame', async () => {
    const { bundle } = await bundleFrom(ADD.replace('result: 1', 'result: 2'), makeClient);
    const { stdout, exitCode } = await replay(bundle);
    expect(stdout).toContain(`identical to the frame: ${bundle.observed?.trace.length} events`);
    expect(stdout).toContain('same fingerprint as recorded');
    expect(exitCode).toBe(3);
  });

  test('tells where it is not', async () => {
    const { bundle } = await bundleFrom(ADD.replace('result: 1', 'result: 2'), makeClient);
    const { stdout } = await replay({ ...bundle, seed: bundle.seed + 1 });
    expect(stdout).toMatch(/differs at event \d+:\n {2}recorded sent #0.*\n {2}now {6}sent #0/);
  });

  test('tells what passes now', async () => {
    const { bundle } = await bundleFrom(ADD, liar);
    const { stdout, exitCode } = await replay(bundle);
    expect(stdout).toContain('recorded as fail (expectation/RIVER-STREAM-RPC-01/receive/result), passes now');
    expect(exitCode).toBe(0);
  });
});
