import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { type Loaded, loadProtocol } from '../cli/load.ts';
import { type Completed, runCorpus } from '../execute/corpus-run.ts';
import { goldenSource } from '../execute/golden.ts';
import { alwaysInProcess, type ReferenceEnds, referenceEnds } from '../execute/reference-ends.ts';
import { registryBuilder } from '../mutants/build.ts';
import { distilled, SHORTENING_MS } from '../mutants/distilled.ts';
import { loadMutants, type Mutant } from '../mutants/mutant.ts';
import type { Source } from '../mutants/trial.ts';
import { packageRoot } from '../package-root.ts';
import type { protocolEntry } from '../registry.ts';
import { simulatedWorld } from '../worlds/simulated/index.ts';

/** A mutant, a case that notices it, and the sources out of which a case comes that does. */
const SAMPLE: readonly (readonly [mutant: string, noticedBy: string, sources: readonly Source[]])[] = [
  ['server-subscription-opened-with-2-refused', 'river/subscription/both-opening-styles', ['wire', 'case']],
  ['server-cancel-of-client-ignored', 'river/cancel/handler-is-told', ['wire', 'case']],
  ['server-handler-cancel-sent-twice', 'river/cancel/by-handler/rpc', ['wire', 'trace', 'case']],
  ['server-cancel-without-result', 'river/cancel/by-handler/rpc', ['wire', 'trace', 'case']],
  ['server-second-open-ignored', 'river/errors/second-open', ['wire', 'trace', 'case']],
];

let loaded: Loaded;
let reference: ReferenceEnds;
const world = simulatedWorld();
beforeAll(async () => {
  loaded = await loadProtocol(
    'river',
    SAMPLE.map(([, noticedBy]) => noticedBy),
  );
  reference = referenceEnds(await loaded.entry.makeClient(), await loaded.entry.makeServer(loaded.corpus.services));
});

async function patchedEnds(mutant: Mutant): Promise<ReferenceEnds> {
  const build = await registryBuilder(packageRoot());
  const { registry }: { readonly registry: Readonly<Record<string, ReturnType<typeof protocolEntry>>> } = await import(await build(mutant));
  const entry = registry[loaded.protocol.name];
  if (entry === undefined) throw new Error('the protocol is gone');
  if (mutant.role === 'client') return { ...reference, client: { kind: 'reference', make: await entry.makeClient() } };
  return { ...reference, server: { kind: 'reference', make: await entry.makeServer(loaded.corpus.services) } };
}

test.each(SAMPLE)('of a run that notices %s comes a case that does', async (id, noticedBy, sources) => {
  const { protocol, corpus } = loaded;
  const mutant = loadMutants(join(packageRoot(), 'mutants', protocol.name)).find((each) => each.id === id);
  const theCase = corpus.cases.find((each) => each.id === noticedBy && mutant !== undefined && each.roles.includes(mutant.role));
  if (mutant === undefined || theCase === undefined) throw new Error(`there is no ${id}, or no ${noticedBy}`);
  const binding = theCase.bindings?.[0] ?? protocol.bindings[0]?.name ?? '';
  const patched = await patchedEnds(mutant);
  const now = (): number => performance.now();
  const run = { world, golden: goldenSource(world, reference), withEnds: alwaysInProcess(patched), seed: 1, strict: false, now };
  const whole = { ...run, protocol, requirements: corpus.requirements, procedureKinds: corpus.procedureKinds };
  const came: (readonly [Source, string, string])[] = [];
  const { role } = mutant;
  const done = async (noticed: Completed): Promise<void> => {
    for (const source of sources) {
      const { completed, remark } = await distilled(protocol, corpus, run, { reference, patched }, noticed, source, SHORTENING_MS);
      came.push([source, completed?.judged.verdict ?? remark, noticed.judged.verdict]);
    }
  };
  const assignment = { id: noticedBy, case: theCase, role, binding, repeat: 1 };
  await runCorpus({ ...whole, goldenUse: 'needed', concurrency: 1, stopped: () => false }, [assignment], done);
  expect(came).toEqual(sources.map((source) => [source, 'fail', 'fail']));
});
