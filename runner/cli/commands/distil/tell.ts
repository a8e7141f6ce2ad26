import { oneLine } from '../../../../protocols/common/plain.ts';
import type { LoadedCase } from '../../../cases/case.ts';
import { idOfFile } from '../../../cases/load.ts';
import { caseFile } from '../../../cases/write.ts';
import type { Distilled } from '../../../distil/distil.ts';
import type { Draft } from '../../../distil/draft.ts';
import type { Evidence } from '../../../distil/evidence.ts';
import { writeWhole } from '../../../files/write.ts';
import { maskedCaseText } from '../../../masking/case-text.ts';
import type { Masker } from '../../../masking/masker.ts';
import { referenceFacts } from '../../../plan/reference-facts.ts';
import type { Finding } from '../../../results/result.ts';
import type { Loaded } from '../../load.ts';
import { reproduce } from '../../reproduce.ts';
import type { DistilOptions } from './options.ts';

/** How far the case does what was recorded. */
export function faithOf(given: boolean, evidence: Evidence | undefined): string[] {
  if (given) return ['it is the case that was run: its steps, faults and frames'];
  const gone = evidence?.gone ?? 0;
  const told = (evidence?.calls.length ?? 0) > 0;
  return [
    told ? 'steps of applications are those that were recorded' : 'steps of applications are taken from what the wire shows of them',
    'ids are made anew, and pauses below 250 ms are left out',
    ...(gone > 0 ? [`the ${gone} events before it are gone, so that sessions which began in them begin anew`] : []),
  ];
}

/** Writes the case, with what is to be known of it in a note. */
export function writeCase(output: string, draft: Draft, faith: readonly string[], masker: Masker): void {
  const before = draft.written['note'];
  const note = [...(typeof before === 'string' ? [before.trim()] : []), `Distilled: ${faith.join('; ')}.`].join(' ');
  writeWhole(output, maskedCaseText(caseFile({ ...draft.written, note }), masker));
}

/** What a case was made with. */
interface Told {
  /** File of the case. */
  readonly output: string;
  readonly loaded: Loaded;
  readonly options: DistilOptions;
  /** Whether it was tried with an implementation. */
  readonly isImplementation: boolean;
  readonly seed: number;
}

/** Says what came of it: how long the case is, how faithful, what it shows, and how to run it. */
export function tell(made: Distilled, faith: readonly string[], { output, loaded, options, isImplementation, seed }: Told): void {
  const { draft, before, shown } = made;
  const steps = draft.written.steps.length;
  say(`${steps} steps${steps === before ? '' : ` of ${before}, after ${made.tried} attempts to do with fewer`}`);
  for (const each of faith) say(`  ${each}`);
  say(SHOWN[shown]);
  const { protocol } = loaded;
  const facts = referenceFacts(protocol);
  const id = `${protocol.name}/${idOfFile(protocol.name, output)}`;
  const { role, binding } = draft;
  const world = isImplementation ? {} : { world: 'simulated' as const };
  const planned = { id, case: { ...NAMELESS, id, file: output }, role, binding, repeat: 1, client: facts, server: facts, skip: undefined };
  say(`again    ${reproduce(planned, { ...options, ...world }, seed)}`);
  say(`the case is in ${output}`);
}

const SHOWN: Readonly<Record<Distilled['shown'], string>> = {
  shown: 'the implementation breaks the same rule in it, and the reference pair passes',
  otherwise: 'the implementation does not pass it, for another reason than the recorded one; the reference pair passes',
  'not-shown': 'the implementation passes it: it does not show the finding',
  untried: 'the reference pair passes it; with -i it is tried with your implementation, and made shorter',
};

const NAMELESS: Omit<LoadedCase, 'id' | 'file'> = {
  ...{ title: '', requirements: [], tags: [], aliases: [], roles: ['client', 'server'], needs: [], bindings: undefined },
  ...{ server: { serverId: undefined, timers: {}, options: {} }, steps: [], expect: [], trace: 'free', note: undefined },
};

/** A finding in a line: its rule, how binding that is, and what was seen. */
export function sentenceOf({ requirement, level, message }: Finding): string {
  return [requirement, level, message].filter((word) => word !== undefined).join(' ');
}

/** Prints a line. */
export function say(text: string): void {
  process.stdout.write(`${oneLine(text)}\n`);
}
