import pc from 'picocolors';
import { bindingNames } from '../../../../protocols/common/binding.ts';
import type { Role } from '../../../../protocols/common/frame.ts';
import { jsonText, oneLine } from '../../../../protocols/common/plain.ts';
import { eachOnce } from '../../../cases/case.ts';
import { type Selection, select } from '../../../plan/select.ts';
import { EXIT } from '../../exit.ts';
import { loadProtocolHeads } from '../../load.ts';

/** Options of `weir list`. */
export interface ListOptions {
  readonly protocol?: string;
  readonly role?: Role[];
  readonly tag?: string[];
  readonly requirement?: string[];
  readonly json: boolean;
}

/** `weir list`: the cases that a selection names, a line each. Gives the exit code. */
export async function listCommand(patterns: readonly string[], options: ListOptions): Promise<number> {
  const { protocol, heads } = await loadProtocolHeads(options.protocol, patterns);
  const selection: Selection = { patterns, tags: options.tag, requirements: options.requirement, roles: options.role };
  const cases = eachOnce(select(heads, selection, bindingNames(protocol)));
  if (options.json) {
    const rows = cases.map(({ id, title, roles, requirements, tags, needs, file }) => ({
      id,
      title,
      roles,
      requirements,
      tags,
      needs,
      file,
    }));
    process.stdout.write(`${jsonText(rows, 2)}\n`);
    return EXIT.ok;
  }
  const width = Math.max(...cases.map(({ id }) => id.length));
  for (const loaded of cases) {
    process.stdout.write(`${loaded.id.padEnd(width)}  ${pc.dim(loaded.roles.join('+').padEnd(13))}  ${oneLine(loaded.title)}\n`);
  }
  process.stdout.write(pc.dim(`${cases.length} cases\n`));
  return EXIT.ok;
}
