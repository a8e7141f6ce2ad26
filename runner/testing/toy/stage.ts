import type { Role } from '../../../protocols/common/frame.ts';
import type { MakeReferenceClient, MakeReferenceServer, Protocol } from '../../../protocols/common/protocol.ts';
import type { Corpus } from '../../cases/case.ts';
import { buildCorpus } from '../../cases/corpus.ts';
import { caseParser } from '../../cases/parse.ts';
import { goldenSource } from '../../execute/golden.ts';
import { perform } from '../../execute/perform.ts';
import type { Performance } from '../../execute/performance.ts';
import { referenceEnds } from '../../execute/reference-ends.ts';
import { disputedSteps, type Judged, judgeRun } from '../../judge/judge-run.ts';
import { deriveCase, type Variant } from '../../sweep/derive.ts';
import { simulatedWorld } from '../../worlds/simulated/index.ts';
import type { World } from '../../worlds/world.ts';
import type { ToyMessage } from './message.ts';
import { makeToyClient, makeToyServer } from './peers.ts';
import { toyProtocol } from './protocol.ts';

const REQUIREMENTS = `
- { id: TOY-ASK, level: MUST, role: asker, source: Toys, text: An asker reads what was told., observe: Look. }
- { id: TOY-TELL, level: MUST, role: teller, source: Toys, text: A teller tells what it was asked., observe: Look. }
- { id: TOY-CREDIT, level: MUST, role: teller, source: Toys, text: No more values than were asked for., observe: Count. }
- { id: TOY-ALIKE, level: MUST, role: both, source: Toys, text: Bindings are alike., observe: Compare. }
`;
const SERVICES = `
procedures:
  add: { kind: ask }
  fail: { kind: ask }
  ticks: { kind: ticks }
  echo: { kind: chat }
  note: { kind: note }
`;

/** What the toy protocol's cases may refer to. */
export function toyCorpus(): Corpus {
  const file = (path: string, text: string) => ({ path, shown: path, text });
  const built = buildCorpus(toyProtocol, [file('requirements.yaml', REQUIREMENTS), file('services.yaml', SERVICES)]);
  if (!built.ok) throw new Error(built.problems.map(({ message }) => message).join('\n'));
  return built.corpus;
}

/** What came of playing a toy case. */
export interface PlayedToy {
  readonly judged: Judged;
  readonly performance: Performance;
}

/** Plays a toy case, or its steps alone, on the toy peers and judges them. Throws where the case is wrong or the pair has no golden trace. */
export async function playToy(
  text: string,
  {
    role = 'client',
    world = simulatedWorld(),
    binding = 'stream',
    variant,
    makeClient = makeToyClient,
    makeServer = makeToyServer,
    protocol = toyProtocol,
  }: {
    readonly role?: Role;
    readonly world?: World;
    readonly binding?: string;
    /** Of a sweep: what happens to which frame. */
    readonly variant?: Variant;
    /** Another client than the toy's own. */
    readonly makeClient?: MakeReferenceClient;
    readonly makeServer?: MakeReferenceServer;
    /** The toy protocol in another form. */
    readonly protocol?: Protocol<ToyMessage>;
  } = {},
): Promise<PlayedToy> {
  const corpus = toyCorpus();
  const head = `title: A toy does what toys do\nrequirements: [TOY-ASK, TOY-TELL, TOY-CREDIT]\nunder-test: ${role}\nsteps:\n`;
  const parsed = caseParser(protocol, corpus)('toy.yaml', 'toy/test', text.startsWith('title:') ? text : head + text);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message, hint }) => `${message} (${hint ?? ''})`).join('\n'));
  const loaded = variant === undefined ? parsed.case : deriveCase(parsed.case, variant, protocol);
  const reference = referenceEnds(makeClient, makeServer);
  const casting = { protocol, case: loaded, role, binding, seed: 7, procedureKinds: corpus.procedureKinds, ...reference };
  const golden = await goldenSource(simulatedWorld(), reference).of(casting);
  const brief = { protocol, case: loaded, role, requirements: corpus.requirements, strict: false };
  const performance = await perform(world, { ...casting, disputed: disputedSteps(brief) }, golden.ok ? golden : undefined);
  return { judged: judgeRun(brief, performance, golden), performance };
}
