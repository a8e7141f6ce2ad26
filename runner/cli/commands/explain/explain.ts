import { join } from 'node:path';
import pc from 'picocolors';
import type { Dispute } from '../../../../protocols/common/requirement.ts';
import { suggestion } from '../../../cases/suggest.ts';
import { LONGEST_WRITTEN, readText } from '../../../files/read.ts';
import { packageRoot } from '../../../package-root.ts';
import { explainRequirement } from '../../../plan/requirements.ts';
import { SelectionError } from '../../../plan/selection-error.ts';
import { registry } from '../../../registry.ts';
import { EXIT } from '../../exit.ts';
import { loadProtocolHeads, protocolMeant } from '../../load.ts';

/** What a dispute is about, and what becomes of it. */
function disputeLines(disputed: Dispute | undefined): string {
  if (disputed === undefined) return '';
  const { spec, official, demanded } = disputed;
  const outcome =
    demanded === 'both'
      ? 'both are accepted; what is found is neither'
      : `Weir looks for the ${demanded === 'spec' ? 'first' : 'second'}; where it is missing that is a question, a failure under --profile ${demanded} only`;
  return `${pc.dim('disputed'.padEnd(11))} the specification: ${spec}\n${' '.repeat(12)}the official implementation: ${official}\n${' '.repeat(12)}${outcome}\n`;
}

/** Options of `weir explain`. */
export interface ExplainOptions {
  readonly protocol?: string;
  readonly json: boolean;
}

/** `weir explain <requirement>`: a rule in words, where it stands, and what tests it. Gives the exit code. */
export async function explainCommand(id: string, options: ExplainOptions): Promise<number> {
  const { protocol, heads } = await loadProtocolHeads(options.protocol ?? protocolMeant([id]));
  if (options.protocol === undefined) refuseStranger(id, protocol.name);
  const { requirement, cases } = explainRequirement(heads, id);
  const invariants = protocol.invariants.filter((invariant) => invariant.requirements.includes(requirement.id)).map(({ name }) => name);
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ ...requirement, cases: cases.map((loaded) => loaded.id), invariants }, null, 2)}\n`);
    return EXIT.ok;
  }
  const line = (label: string, text: string | undefined): string => (text === undefined ? '' : `${pc.dim(label.padEnd(11))} ${text}\n`);
  process.stdout.write(
    `${pc.bold(requirement.id)} ${requirement.level}, obliges ${requirement.role}\n\n${requirement.text}\n\n${line('source', requirement.source)}` +
      `${line('observed by', requirement.observe)}${disputeLines(requirement.disputed)}${line('unobservable', requirement.unobservable)}\n`,
  );
  for (const loaded of cases) process.stdout.write(`case      ${loaded.id}: ${loaded.title}\n`);
  for (const name of invariants) process.stdout.write(`invariant ${name}\n`);
  if (cases.length + invariants.length === 0) process.stdout.write('no case names it, and no invariant\n');
  return EXIT.ok;
}

/** Throws a `SelectionError` for what begins with no protocol and is no requirement of the default one: any of them may be meant. */
function refuseStranger(id: string, meant: string): void {
  const word = id.toUpperCase();
  if (word.startsWith(`${meant.toUpperCase()}-`)) return;
  const known = Object.keys(registry).flatMap(requirementIds);
  throw new SelectionError(`unknown requirement \`${id}\`; ${suggestion(word, known, 'requirements')}`);
}

/** The ids in a protocol's catalogue, which need not be read whole for that. */
function requirementIds(protocol: string): string[] {
  const text = readText(join(packageRoot(), 'cases', protocol, 'requirements.yaml'), LONGEST_WRITTEN);
  return [...text.matchAll(/^\s*- id: (\S+)/gm)].flatMap(([, id]) => id ?? []);
}
