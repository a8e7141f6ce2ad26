import type { LoadedCase } from '../../cases/case.ts';
import { caseParser } from '../../cases/parse.ts';
import { protocolEntry } from '../../registry.ts';
import { simulatedWorld } from '../../worlds/simulated/index.ts';
import type { CorpusRun } from '../case-run.ts';
import { goldenSource } from '../golden.ts';
import { alwaysInProcess, referenceEnds } from '../reference-ends.ts';
import { textPlayer } from './play-text.ts';

/** A case of River that is given as text, and a run of the reference pair that is to carry it out, simulated. Throws where it is no case. */
export async function pairRun(text: string): Promise<{ readonly loaded: LoadedCase; readonly run: CorpusRun }> {
  const { corpus } = await textPlayer();
  const entry = protocolEntry('river');
  const protocol = await entry.protocol();
  const ends = referenceEnds(await entry.makeClient(), await entry.makeServer(corpus.services));
  const parsed = caseParser(protocol, corpus)('test.yaml', 'river/test', text);
  if (!parsed.ok) throw new Error('the case of this test is broken');
  const run: CorpusRun = {
    protocol,
    requirements: corpus.requirements,
    procedureKinds: corpus.procedureKinds,
    world: simulatedWorld(),
    goldenUse: 'needed',
    golden: goldenSource(simulatedWorld(), ends),
    withEnds: alwaysInProcess(ends),
    seed: 1,
    strict: false,
    concurrency: 4,
    now: () => 0,
    stopped: () => false,
  };
  return { loaded: parsed.case, run };
}
