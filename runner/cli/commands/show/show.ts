import pc from 'picocolors';
import { bindingNames } from '../../../../protocols/common/binding.ts';
import { jsonText, oneLine } from '../../../../protocols/common/plain.ts';
import { eachOnce } from '../../../cases/case.ts';
import { LONGEST_WRITTEN, readText } from '../../../files/read.ts';
import { select } from '../../../plan/select.ts';
import { EXIT } from '../../exit.ts';
import { loadProtocol } from '../../load.ts';

/** Options of `weir show`. */
export interface ShowOptions {
  readonly protocol?: string;
  readonly json: boolean;
}

/** `weir show <case>`: a case as it is written, its axes, and the rules it tests in words. Gives the exit code. */
export async function showCommand(pattern: string, options: ShowOptions): Promise<number> {
  const { protocol, corpus } = await loadProtocol(options.protocol, [pattern]);
  const cases = eachOnce(select(corpus, { patterns: [pattern] }, bindingNames(protocol)));
  if (options.json) {
    process.stdout.write(`${jsonText(cases, 2)}\n`);
    return EXIT.ok;
  }
  for (const [i, loaded] of cases.entries()) {
    const bindings = loaded.bindings ?? bindingNames(protocol);
    process.stdout.write(`${pc.bold(loaded.id)}\n${oneLine(loaded.title)}\n\n`);
    process.stdout.write(`file       ${loaded.file}\nunder test ${loaded.roles.join(', ')}\nbindings   ${bindings.join(', ')}\n`);
    for (const [axis, value] of Object.entries(loaded.combination?.values ?? {})) process.stdout.write(`${axis.padEnd(10)} ${value}\n`);
    if (loaded.needs.length > 0) process.stdout.write(`needs      ${loaded.needs.join(', ')}\n`);
    // Of the cases of one file the text is shown with the first.
    process.stdout.write(cases[i - 1]?.file === loaded.file ? '\n' : `\n${readText(loaded.file, LONGEST_WRITTEN).trim()}\n\n`);
    for (const id of loaded.requirements) {
      const requirement = corpus.requirements.get(id);
      if (requirement !== undefined) process.stdout.write(`${pc.bold(id)} ${requirement.level}: ${requirement.text}\n`);
    }
    process.stdout.write(`\nrun it: npx weir run '${loaded.id}'\n`);
  }
  return EXIT.ok;
}
