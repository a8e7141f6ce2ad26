import { beforeAll, describe, expect, it } from 'vitest';
import { bindingNames } from '../../protocols/common/binding.ts';
import type { Role } from '../../protocols/common/frame.ts';
import type { MakeReferenceClient, MakeReferenceServer } from '../../protocols/common/protocol.ts';
import type { ApplicationEvent } from '../../protocols/common/trace.ts';
import { loadProtocol } from '../cli/load.ts';
import type { Assignment, Completed } from '../execute/case-run.ts';
import { runCorpus } from '../execute/corpus-run.ts';
import { type Golden, goldenSource } from '../execute/golden.ts';
import { inProcess, referenceEnds } from '../execute/reference-ends.ts';
import { isSeen, tell } from '../execute/stand-in.ts';
import { chooseRuns } from '../plan/choose.ts';
import { plan } from '../plan/plan.ts';
import { referenceFacts } from '../plan/reference-facts.ts';
import { registry } from '../registry.ts';
import { simulatedWorld } from '../worlds/simulated/index.ts';

/** Says at the golden trace's own times what the application of `role` saw there. */
interface Prompter {
  readonly golden: Golden | undefined;
  readonly role: Role;
}

const nothing = async (): Promise<void> => undefined;

/** A client that answers every request and does nothing; with a golden trace it reports all that the case expects. */
function idleClient({ golden, role }: Prompter): MakeReferenceClient {
  return (environment, _dial, events) => {
    for (const said of linesOf(golden, role)) environment.after(said.t, () => tell(said, events));
    const calling = { invoke: nothing, send: nothing, credit: nothing, finish: nothing, cancel: nothing };
    return { ...calling, connect: nothing, disconnect: nothing, script: nothing };
  };
}

/** A server likewise: what reaches it is never answered. */
function idleServer({ golden, role }: Prompter): MakeReferenceServer {
  return (environment, events) => {
    for (const said of linesOf(golden, role)) environment.after(said.t, () => tell(said, events));
    // Where it is to dial a broker, it dials none.
    const serve = ({ url }: { url?: string | undefined }) =>
      url === undefined ? () => ({ opened() {}, message() {}, closed() {} }) : nothing();
    return { serve, stop: nothing, script: nothing };
  };
}

function linesOf(golden: Golden | undefined, role: Role): ApplicationEvent[] {
  const trace = golden?.ok === true ? [...(golden.trace ?? [])] : [];
  return trace.filter((event): event is ApplicationEvent => event.type === 'application' && event.role === role && isSeen(event));
}

/** A protocol, and golden traces for all of its tests. */
async function settingOf(name: string) {
  const { protocol, corpus, entry } = await loadProtocol(name);
  const world = simulatedWorld();
  const reference = referenceEnds(await entry.makeClient(), await entry.makeServer(corpus.services));
  return { protocol, corpus, world, reference, golden: goldenSource(world, reference) };
}
type Setting = Awaited<ReturnType<typeof settingOf>>;

async function judgedOf(
  { protocol, corpus, world, reference, golden }: Setting,
  role: Role,
  kind: 'silent' | 'liar',
): Promise<Completed[]> {
  const underTest = referenceFacts(protocol);
  const possible = plan(
    corpus,
    { patterns: [], roles: [role], bindings: bindingNames(protocol).slice(0, 1) },
    { underTest, peer: underTest },
    { bindings: bindingNames(protocol) },
  );
  // Each value of a table once: another together with it reaches the wire as little.
  const { planned } = chooseRuns(possible, 'smoke');
  const completed: Completed[] = [];
  await runCorpus(
    {
      protocol,
      requirements: corpus.requirements,
      procedureKinds: corpus.procedureKinds,
      world,
      golden,
      async withEnds(assignment: Assignment, _company, use) {
        const casting = { ...assignment, protocol, procedureKinds: corpus.procedureKinds, seed: 1 };
        const prompter = { golden: kind === 'liar' ? await golden.of(casting) : undefined, role };
        const end = { [role]: { kind: 'reference', make: role === 'client' ? idleClient(prompter) : idleServer(prompter) } };
        return use(inProcess({ ...reference, ...end }));
      },
      seed: 1,
      strict: false,
      concurrency: 4,
      now: () => 0,
      stopped: () => false,
    },
    planned.filter(({ skip }) => skip === undefined),
    (each) => {
      completed.push({ ...each, performance: undefined });
    },
  );
  return completed;
}

describe.each(Object.keys(registry))('%s: an implementation under which nothing reaches the wire', (name) => {
  let setting: Setting;
  beforeAll(async () => {
    setting = await settingOf(name);
  });
  describe.each(['client', 'server'] as const)('as the %s', (role) => {
    it.each(['silent', 'liar'] as const)('fails every case: %s', { timeout: 120_000 }, async (kind) => {
      const completed = await judgedOf(setting, role, kind);
      expect(completed.length).toBeGreaterThan(100);
      const lenient = completed.filter(({ judged }) => judged.verdict !== 'fail');
      const told = lenient.map(({ assignment, judged }) => `${judged.verdict} ${assignment.id}: ${judged.findings[0]?.message ?? ''}`);
      expect(told).toEqual([]);
      const causes = new Set(completed.map(({ judged }) => judged.findings[0]?.fingerprint));
      expect([...causes]).toEqual(['wire/none/nothing/missing']);
    });
  });
});
