import { Command, type Help } from 'commander';
import { COMMANDS } from '../runner/cli/commands.ts';
import { block, type Page, prose, row, table } from './page.ts';

/** The command line as it declares itself; its actions do nothing. */
export function declaredProgram(): Command {
  const program = new Command('weir');
  for (const declare of COMMANDS) declare(program, async () => {});
  return program;
}

/** Every command that can be called, with the words that call it: `baseline write`, not `baseline`. */
export function callable(program: Command): readonly { readonly words: string; readonly command: Command }[] {
  const below = (command: Command, words: string): readonly { readonly words: string; readonly command: Command }[] =>
    command.commands.length === 0
      ? [{ words, command }]
      : command.commands.flatMap((each) => below(each, `${words} ${each.name()}`.trim()));
  return below(program, '');
}

/** The page of all commands, from what they declare. */
export function commandPage(program: Command): Page {
  const help = program.createHelp();
  const commands = callable(program);
  const overview = table(
    ['command', 'what it does'],
    commands.map(({ words, command }) => row(`[weir ${words}](#${anchor(words)})`, prose(command.description()))),
  );
  const intro = 'Written from the declarations of the command line; `weir <command> --help` says the same.';
  return {
    path: 'reference/commands.md',
    text: ['# Commands', intro, overview, ...commands.map(({ words, command }) => section(words, command, help)), ''].join('\n\n'),
  };
}

const anchor = (words: string): string => `weir-${words.replaceAll(' ', '-')}`;

function section(words: string, command: Command, help: Help): string {
  const inputs = help.visibleArguments(command).map((each) => row(cell(help.argumentTerm(each)), prose(help.argumentDescription(each))));
  const options = help.visibleOptions(command).map((each) => row(cell(help.optionTerm(each)), prose(help.optionDescription(each))));
  return [
    `## weir ${words} {#${anchor(words)}}`,
    prose(command.description()),
    block('text', help.commandUsage(command)),
    ...(inputs.length === 0 ? [] : [table(['argument', 'meaning'], inputs)]),
    ...(options.length === 0 ? [] : [table(['option', 'meaning'], options)]),
  ].join('\n\n');
}

/** Code that stays in one piece. */
const cell = (text: string): string => `\`${text}\``;
