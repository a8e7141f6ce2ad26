/** A page of the documentation site before it is built, in Markdown. */
export interface Page {
  /** Its place among the pages: `cases/river/rpc.md`. */
  readonly path: string;
  readonly text: string;
}

/** An entry of the navigation. One with items opens to them and has an address too: what opens and leads nowhere is a button around a button. */
export interface Entry {
  readonly text: string;
  /** Address in the site, from its root. */
  readonly link?: string;
  readonly items?: readonly Entry[];
  readonly collapsed?: boolean;
}

/** Text of others as Markdown that says just that: nothing in it is markup, a component or an expression. */
export function prose(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/[\\`*_[\]|#~]/g, (sign) => `\\${sign}`)
    .replaceAll(/[&<>{}]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Text of others as code in a line. */
export function code(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `\`${line}\`` : `${fence} ${line} ${fence}`;
}

/** A fenced block, fenced longer than anything in it. */
export function block(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`;
}

/** A row of a table. A `|` would end a cell, in code too. */
export function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll(/(?<!\\)\|/g, '\\|')).join(' | ')} |`;
}

/** A table with its head. */
export function table(head: readonly string[], rows: readonly string[]): string {
  return [row(...head), row(...head.map(() => '---')), ...rows].join('\n');
}
