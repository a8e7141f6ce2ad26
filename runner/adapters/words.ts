import type { RoleWord } from '../../protocols/common/adapter-words.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';

const BEGIN = '<!-- words of the protocols: written by npm run schemas -->';
const END = '<!-- end of the words -->';

/** What a protocol's words need to be listed. */
export interface Worded extends Pick<Protocol, 'title' | 'timers' | 'counts' | 'kinds' | 'adapterWords'> {
  /** By their names. */
  readonly features: ReadonlyMap<string, RoleWord>;
}

/** The guide for adapters with the words of all protocols in their place. Throws where it has no place for them. */
export function withWords(guide: string, protocols: readonly Worded[]): string {
  const [begin, end] = [guide.indexOf(BEGIN), guide.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`the guide for adapters has no place between ${BEGIN} and ${END}`);
  return `${guide.slice(0, begin + BEGIN.length)}\n\n${protocols.map(section).join('\n')}\n${guide.slice(end)}`;
}

function section({ title, timers, counts, kinds, features, adapterWords: words }: Worded): string {
  const times = Object.entries(timers).map(([name, nominal]) => {
    const count = counts.includes(name);
    return `| \`${name}\` | ${nominal}${count ? ' (a count, never scaled)' : ' ms'} | ${words.timers[name] ?? ''} |`;
  });
  return [
    `### ${title}`,
    '',
    '| timer | nominal | meaning |',
    '| --- | --- | --- |',
    ...times,
    '',
    '| feature | of | meaning |',
    '| --- | --- | --- |',
    ...[...features].map(row),
    '',
    '| option | of | meaning |',
    '| --- | --- | --- |',
    ...Object.entries(words.options).map(row),
    '',
    '| `kind` | meaning |',
    '| --- | --- |',
    ...Object.entries(kinds).map(
      ([name, { says, ends }]) => `| \`${name}\` | ${says}${ends === false ? '; its caller is told no end' : ''} |`,
    ),
    '',
    '| `status` | of | meaning |',
    '| --- | --- | --- |',
    ...Object.entries(words.statuses).map(row),
    '',
    words.detail,
    ...(words.forms === undefined ? [] : ['', words.forms]),
    '',
  ].join('\n');
}

function row([name, { role, text }]: [string, RoleWord]): string {
  return `| \`${name}\` | ${role === 'both' ? 'either' : role} | ${text} |`;
}
