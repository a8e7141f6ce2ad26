import { anchorOf } from './addresses.ts';

/** A link as it stands in Markdown. */
export interface Link {
  readonly text: string;
  readonly target: string;
}

/** A fenced block as it stands in Markdown. */
export interface Fence {
  /** The word behind the ticks: `sh`. */
  readonly language: string;
  /** Of its first line, from 1. */
  readonly line: number;
  readonly text: string;
  /** The comment right before it, where there is one. */
  readonly comment: string | undefined;
}

const LINK = /(?<!!)\[((?:[^\]\\]|\\.)*)\]\(([^()\s]+)\)/g;

/** Text with its links replaced; one for which nothing is given stays as it is. Code stays, too. */
export function mapLinks(text: string, replace: (link: Link) => string | undefined): string {
  return outsideCode(text, (part) =>
    part.replaceAll(LINK, (whole, words: string, target: string) => replace({ text: words, target }) ?? whole),
  );
}

/** The links outside of code, pictures among them. */
export function linksIn(text: string): readonly Link[] {
  const found: Link[] = [];
  outsideCode(text, (part) => {
    found.push(
      ...[...part.matchAll(/\[((?:[^\]\\]|\\.)*)\]\(([^()\s]+)\)/g)].map(([, words = '', target = '']) => ({ text: words, target })),
    );
    return part;
  });
  return found;
}

/** The anchors that the headings of a text have on repository hosts and in the site; a second one of a name is numbered. */
export function anchorsIn(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of withoutFences(text).matchAll(/^#{1,6} +(.+)$/gm)) {
    const anchor = anchorOf(heading.replaceAll(LINK, '$1'));
    let free = anchor;
    for (let n = 1; anchors.has(free); n += 1) free = `${anchor}-${n}`;
    anchors.add(free);
  }
  return anchors;
}

/** The fenced blocks of a text. */
export function fencesIn(text: string): readonly Fence[] {
  const fences: Fence[] = [];
  let open:
    | {
        readonly ticks: string;
        readonly language: string;
        readonly line: number;
        readonly lines: string[];
        readonly comment: string | undefined;
      }
    | undefined;
  let before = '';
  for (const [at, line] of text.split('\n').entries()) {
    const [, ticks = '', language = ''] = /^ {0,3}(`{3,})(\S*)/.exec(line) ?? [];
    if (open === undefined && ticks !== '') {
      const [, comment] = /^<!-- (.+) -->$/.exec(before) ?? [];
      open = { ticks, language, line: at + 2, lines: [], comment };
    } else if (open !== undefined && ticks.startsWith(open.ticks) && language === '') {
      fences.push({ language: open.language, line: open.line, text: open.lines.join('\n'), comment: open.comment });
      open = undefined;
    } else open?.lines.push(line);
    if (line.trim() !== '') before = line.trim();
  }
  return fences;
}

function withoutFences(text: string): string {
  return parts(text)
    .filter(({ fenced }) => !fenced)
    .map(({ text: part }) => part)
    .join('\n');
}

/** Applies a function to what is neither a fenced block nor code in a line. */
function outsideCode(text: string, apply: (part: string) => string): string {
  return parts(text)
    .map(({ text: part, fenced }) => {
      if (fenced) return part;
      return inlineParts(part)
        .map(({ text: piece, isCode }) => (isCode ? piece : apply(piece)))
        .join('');
    })
    .join('\n');
}

/** Code in a line, but not in the words of a link, which it does not end. */
function inlineParts(text: string): readonly { readonly text: string; readonly isCode: boolean }[] {
  return text.split(/((?<![[`])(?<!\[[^\]\n]{0,200})`[^`\n]+`)/g).map((part, at) => ({ text: part, isCode: at % 2 === 1 }));
}

function parts(text: string): readonly { readonly text: string; readonly fenced: boolean }[] {
  const found: { text: string; fenced: boolean }[] = [];
  let ticks = '';
  for (const line of text.split('\n')) {
    const [, here = ''] = /^ {0,3}(`{3,})/.exec(line) ?? [];
    const closes = ticks !== '' && here.startsWith(ticks);
    const fenced = ticks !== '' || here !== '';
    const last = found.at(-1);
    if (last?.fenced === fenced) last.text += `\n${line}`;
    else found.push({ text: line, fenced });
    if (closes) ticks = '';
    else if (ticks === '') ticks = here;
  }
  return found;
}
