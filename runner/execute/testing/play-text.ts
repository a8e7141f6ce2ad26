import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { bindingNames } from '../../../protocols/common/binding.ts';
import type { Role } from '../../../protocols/common/frame.ts';
import type { Profile } from '../../../protocols/common/requirement.ts';
import type { Corpus } from '../../cases/case.ts';
import { loadCorpus } from '../../cases/load.ts';
import { caseParser } from '../../cases/parse.ts';
import { underProfile } from '../../judge/dispute.ts';
import { disputedSteps, type Judged, judgeRun } from '../../judge/judge-run.ts';
import { packageRoot } from '../../package-root.ts';
import { protocolEntry } from '../../registry.ts';
import { simulatedWorld } from '../../worlds/simulated/index.ts';
import type { World } from '../../worlds/world.ts';
import { type Golden, goldenSource } from '../golden.ts';
import { perform } from '../perform.ts';
import type { Performance } from '../performance.ts';
import { referenceEnds } from '../reference-ends.ts';

/** Plays a case given as text, on the reference pair. */
export interface TextPlayer {
  readonly corpus: Corpus;
  play(
    text: string,
    options?: { readonly role?: Role; readonly binding?: string; readonly world?: World; readonly profile?: Profile },
  ): Promise<{ judged: Judged; performance: Performance }>;
}

/** Makes a player of cases of a protocol, each with the golden trace that it has itself. */
export async function textPlayer(name = 'river'): Promise<TextPlayer> {
  const entry = protocolEntry(name);
  const protocol = await entry.protocol();
  const folder = join(packageRoot(), 'cases', name);
  const corpus = loadCorpus({ folder, language: protocol, only: () => false });
  const makeClient = await entry.makeClient();
  const makeServer = await entry.makeServer(parse(readFileSync(join(folder, 'services.yaml'), 'utf8')));
  const reference = referenceEnds(makeClient, makeServer);
  const parseCase = caseParser(protocol, corpus);
  const [firstBinding = ''] = bindingNames(protocol);
  return {
    corpus,
    async play(text, { role = 'client', binding = firstBinding, world = simulatedWorld(), profile } = {}) {
      const parsed = parseCase('test.yaml', `${name}/test`, text);
      if (!parsed.ok) throw new Error(parsed.problems.map((problem) => problem.message).join('\n'));
      const casting = { protocol, case: parsed.case, role, binding, seed: 7, procedureKinds: corpus.procedureKinds, ...reference };
      const golden = await goldenSource(simulatedWorld(), reference).of(casting);
      const brief = { protocol, case: parsed.case, role, requirements: underProfile(corpus.requirements, profile), strict: false };
      const performance = await perform(world, { ...casting, disputed: disputedSteps(brief) }, golden.ok ? golden : undefined);
      // A case that breaks on purpose has no golden trace; what is judged here is the step, not the reference pair.
      const { facts } = performance;
      const usable: Golden = golden.ok
        ? golden
        : { ok: true, trace: [], normalised: { lanes: [] }, connections: 0, frames: 0, calls: [], facts };
      return { judged: judgeRun(brief, performance, usable), performance };
    },
  };
}
