import { oneLine } from '../../protocols/common/plain.ts';
import type { Row } from '../../viewer/model/ladder.ts';
import { endSays, happeningSays } from '../../viewer/model/says.ts';
import { middle } from '../../viewer/model/text.ts';

/** Longest text of an arrow or note. */
const LONGEST = 100;

/** Mermaid draws no diagram whose source is longer than 50,000 characters; some are left for what stands around it. */
const MOST = 48_000;

/**
 * A ladder as a Mermaid sequence diagram, for issues and documents. What somebody else wrote cannot become markup. Of a diagram that
 * Mermaid would find too long the beginning is given, with how much was left out.
 */
export function mermaidOf(rows: readonly Row[], title: string): string {
  const lines = ['sequenceDiagram', `  title ${escaped(title)}`, '  participant client', '  participant proxy', '  participant server'];
  let length = lines.join('\n').length;
  for (const [i, row] of rows.entries()) {
    const next = linesOf(row).map((line) => `  ${line}`);
    length += next.reduce((sum, line) => sum + line.length + 1, 0);
    if (length > MOST) {
      lines.push(`  Note over client,server: ${rows.length - i} more rows left out, since Mermaid draws no longer diagram`);
      break;
    }
    lines.push(...next);
  }
  return `${lines.join('\n')}\n`;
}

function linesOf(row: Row): string[] {
  switch (row.kind) {
    case 'opened':
      return [note(`connection ${row.connection} opened`)];
    case 'closed':
      return [note(`connection ${row.connection} ${endSays(row)}`)];
    case 'frame': {
      const { from, summary = '' } = row.record;
      const { other: to, via } = row.way;
      switch (row.fate) {
        case 'delivered':
          return [`${from}->>${to}: ${words(summary)}`];
        case 'dropped':
          return [`${from}-x${via}: ${words(summary)}`];
        case 'bent':
          return [`${from}->>${via}: ${words(summary)}`];
        case 'altered':
          return [`${from}->>${via}: ${words(summary)}`, `${via}->>${to}: ${words(`altered: ${row.deliveries[0]?.summary ?? ''}`)}`];
      }
      return [];
    }
    case 'arrival': {
      const { to, summary = '', altered } = row.record;
      const how = row.sent === undefined ? 'injected: ' : row.again ? 'again: ' : altered ? 'altered: ' : 'late: ';
      return [`${row.way.via}->>${to}: ${words(`${how}${summary}`)}`];
    }
    case 'fault':
      return [`Note over proxy: ${words(`fault: ${row.what}`)}`];
    case 'application': {
      const { role, event } = row.record;
      return [`Note ${role === 'client' ? 'left' : 'right'} of ${role}: ${words(happeningSays(event))}`];
    }
    case 'gap':
      return [note(`${Math.round(row.ms)} ms nothing`)];
    case 'closing':
      return [note('Weir takes everything down')];
    case 'step':
      return [];
  }
}

function note(text: string): string {
  return `Note over client,server: ${words(text)}`;
}

function words(text: string): string {
  return escaped(middle(text, LONGEST));
}

/** Everything of ASCII that could be markup, of Mermaid or of the document around it, as the code that Mermaid has for it. */
function escaped(text: string): string {
  return oneLine(text).replaceAll(/[^\p{L}\p{N}\p{M} .,_/()=+'"…–-]/gu, (character) => `#${character.codePointAt(0)};`);
}
