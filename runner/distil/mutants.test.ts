import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { type Loaded, loadProtocol } from '../cli/load.ts';
import type { Completed } from '../execute/case-run.ts';
import { runCorpus } from '../execute/corpus-run.ts';
import { goldenSource } from '../execute/golden.ts';
import { alwaysInProcess, type ReferenceEnds, referenceEnds } from '../execute/reference-ends.ts';
import { withBuilder } from '../mutants/build.ts';
import { distilled, SHORTENING_MS } from '../mutants/distilled.ts';
import { loadMutants, type Mutant } from '../mutants/mutant.ts';
import type { Source } from '../mutants/trial.ts';
import { packageRoot } from '../package-root.ts';
import type { protocolEntry } from '../registry.ts';
import { simulatedWorld } from '../worlds/simulated/index.ts';

/** A protocol, one of its mutants, a case that notices it, and the sources out of which a case comes that does. */
const SAMPLE: readonly (readonly [protocol: string, mutant: string, noticedBy: string, sources: readonly Source[]])[] = [
  ['river', 'server-subscription-opened-with-2-refused', 'river/subscription/both-opening-styles', ['wire', 'case']],
  ['river', 'server-cancel-of-client-ignored', 'river/cancel/handler-is-told', ['wire', 'case']],
  ['river', 'server-handler-cancel-sent-twice', 'river/cancel/by-handler/rpc', ['wire', 'trace', 'case']],
  ['river', 'server-cancel-without-result', 'river/cancel/by-handler/rpc', ['wire', 'trace', 'case']],
  ['river', 'server-second-open-ignored', 'river/errors/second-open', ['wire', 'trace', 'case']],
  ['rsocket', 'client-hangs-at-text-that-is-none', 'rsocket/errors/text/half-a-character/request-response', ['wire', 'trace', 'case']],
  ['rsocket', 'client-takes-ms-for-seconds', 'rsocket/lease/expired', ['wire', 'trace']],
  ['rsocket', 'client-keeps-c-on-the-request-from-handlers', 'rsocket/callers/answers-of-the-client/sum', ['wire', 'trace']],
  ['rsocket', 'server-minds-undefined-flags', 'rsocket/malformed/undefined-flags/0x01/request-response', ['wire', 'trace']],
  [
    'rsocket',
    'server-refuses-positions-with-a-connection-error',
    'rsocket/resume/impossible-positions/a-client-position-beyond-all',
    ['wire'],
  ],
  ['connect', 'client-decompresses-no-errors', 'connect/errors/compressed', ['wire', 'trace', 'case']],
  ['connect', 'client-drops-trailers', 'connect/metadata/there-and-back/Echo/of-bytes', ['wire']],
  ['connect', 'server-reads-the-last-value-only', 'connect/metadata/there-and-back/Count/several', ['wire', 'trace']],
  ['connect', 'server-keeps-gets-waiting', 'connect/get/queries/in-another-order', ['wire', 'trace']],
  ['connect', 'server-takes-broken-deadlines-for-its-own-fault', 'connect/timeouts/odd/a-fraction', ['wire', 'trace']],
  ['clamator', 'client-error-any', 'clamator/replies/invalid/an-error-that-is-text', ['wire']],
  ['clamator', 'server-reply-id-as-text', 'clamator/requests/ids/a-negative-number', ['wire']],
  ['swill', 'client-answers-by-order', 'swill/client/in-any-order/2-3-1', ['wire', 'trace', 'case']],
  ['swill', 'client-dies-at-unknown-seqs', 'swill/wire/malformed-answers/unknown-seq', ['wire', 'trace']],
  ['swill', 'client-sends-texts', 'swill/errors/with-data/a-text', ['wire']],
  ['swill', 'server-late-item-starts-a-request', 'swill/stream/late-items/early/a-bad-item', ['wire', 'trace']],
  ['swill', 'server-takes-unknown-types', 'swill/wire/malformed/type-256', ['wire', 'trace']],
];

interface Peers {
  readonly loaded: Loaded;
  readonly reference: ReferenceEnds;
}

const peers = new Map<string, Peers>();
const world = simulatedWorld();
beforeAll(async () => {
  for (const protocol of new Set(SAMPLE.map(([name]) => name))) {
    const cases = SAMPLE.flatMap(([name, , noticedBy]) => (name === protocol ? [noticedBy] : []));
    const loaded = await loadProtocol(protocol, cases);
    const reference = referenceEnds(await loaded.entry.makeClient(), await loaded.entry.makeServer(loaded.corpus.services));
    peers.set(protocol, { loaded, reference });
  }
});

async function patchedEnds({ loaded, reference }: Peers, mutant: Mutant): Promise<ReferenceEnds> {
  const built = withBuilder(packageRoot(), async ({ build }) => import(await build(mutant)));
  const { registry }: { readonly registry: Readonly<Record<string, ReturnType<typeof protocolEntry>>> } = await built;
  const entry = registry[loaded.protocol.name];
  if (entry === undefined) throw new Error('the protocol is gone');
  if (mutant.role === 'client') return { ...reference, client: { kind: 'reference', make: await entry.makeClient() } };
  return { ...reference, server: { kind: 'reference', make: await entry.makeServer(loaded.corpus.services) } };
}

test.each(SAMPLE)('of a run that notices %s: %s comes a case that does', async (name, id, noticedBy, sources) => {
  const own = peers.get(name);
  if (own === undefined) throw new Error(`there is no ${name}`);
  const { loaded, reference } = own;
  const { protocol, corpus } = loaded;
  const mutant = loadMutants(join(packageRoot(), 'mutants', protocol.name)).find((each) => each.id === id);
  const theCase = corpus.cases.find((each) => each.id === noticedBy && mutant !== undefined && each.roles.includes(mutant.role));
  if (mutant === undefined || theCase === undefined) throw new Error(`there is no ${id}, or no ${noticedBy}`);
  const binding = theCase.bindings?.[0] ?? protocol.bindings[0]?.name ?? '';
  const patched = await patchedEnds(own, mutant);
  const now = (): number => performance.now();
  const run = { world, golden: goldenSource(world, reference), withEnds: alwaysInProcess(patched), seed: 1, strict: false, now };
  const whole = { ...run, protocol, requirements: corpus.requirements, procedureKinds: corpus.procedureKinds };
  /** What is noticed as a broken SHOULD may show as more, where the whole trace is compared. */
  const toldOf = (verdict: string): string => (verdict === 'warn' ? 'fail' : verdict);
  const came: (readonly [Source, string, string])[] = [];
  const { role } = mutant;
  const done = async (noticed: Completed): Promise<void> => {
    for (const source of sources) {
      const { completed, remark } = await distilled(protocol, corpus, run, { reference, patched }, noticed, source, SHORTENING_MS);
      came.push([source, toldOf(completed?.judged.verdict ?? remark), toldOf(noticed.judged.verdict)]);
    }
  };
  const assignment = { id: noticedBy, case: theCase, role, binding, repeat: 1 };
  await runCorpus({ ...whole, goldenUse: 'needed', concurrency: 1, stopped: () => false }, [assignment], done);
  expect(came).toEqual(sources.map((source) => [source, 'fail', 'fail']));
});
