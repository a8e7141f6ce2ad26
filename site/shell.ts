/** What stands behind `npx weir` in a shell block, a command each; comments, and what commands are piped into, are left out. */
export function weirCommands(text: string): readonly string[] {
  return text
    .replaceAll(/ *\\\n\s*/g, ' ')
    .split('\n')
    .flatMap((line) => {
      const [, command] = /^(?:npx weir(?:-conformance)?|weir) +(.+)$/.exec(line) ?? [];
      return command === undefined ? [] : [command];
    });
}

/** The words of a command, as a shell would make them; it ends at a comment, a pipe, `&` or `;`. */
export function wordsOf(command: string): readonly string[] {
  const words: string[] = [];
  for (const [token] of command.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"|&;#]|(?<=\S)#)+|[|&;#]/g)) {
    if (/^[|&;#]/.test(token)) break;
    words.push(token.replaceAll(/'([^']*)'|"([^"]*)"/g, (_whole, single?: string, double?: string) => single ?? double ?? ''));
  }
  return words;
}

/** One line of a shell block as a command: without its comment. */
export function commandOf(line: string): string {
  return line.replace(/(^|\s+)# .*$/, '').trim();
}
