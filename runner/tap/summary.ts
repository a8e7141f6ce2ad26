import { ROLES, type Role } from '../../protocols/common/frame.ts';
import { oneLine } from '../../protocols/common/plain.ts';
import type { Requirement } from '../../protocols/common/requirement.ts';
import { timesOf } from '../../protocols/common/times.ts';
import { breachesBuild, type Counts } from './outcome.ts';
import { MARKS, paintOf, type Telling } from './tell.ts';
import type { Tally } from './watch.ts';

/** What became of a tap, for a person: what passed, what was examined, what was broken, by whom, how often. */
export function summaryLines(tally: Tally, counts: Counts, { colours, masker, requirementOf }: Telling, strict: boolean): string {
  const seconds = counts.ms / 1000;
  const lines = [
    '',
    `${plural(counts.frames, 'frame')} on ${plural(counts.connections, 'connection')} in ${seconds < 120 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds / 60)} min`}`,
  ];
  for (const role of ROLES) {
    const examined = tally.examined[role];
    const broken = tally.broken.filter(({ blame }) => blame === role);
    const kept = [...examined].filter((id) => !broken.some(({ requirement }) => requirement === id)).length;
    lines.push(
      `${colours.bold(role)}: ${examined.size === 0 ? 'nothing to examine' : `${kept} of ${plural(examined.size, 'requirement')} kept`}${musts(role, tally, requirementOf)}`,
    );
    for (const { requirement, level, gravity, times, message } of broken) {
      const what = requirement ?? 'carrier';
      lines.push(
        `  ${paintOf(gravity, colours)(`${MARKS[gravity]} ${what}`)} ${colours.dim(level)} ${timesOf(times)}: ${oneLine(masker.words(message))}`,
      );
      const text = requirement === undefined ? undefined : requirementOf(requirement)?.text;
      if (text !== undefined) lines.push(`    ${colours.dim(text)}`);
    }
  }
  const total = tally.broken.length;
  lines.push(
    counts.connections === 0
      ? colours.yellow('Nobody connected: clients have to dial the tap instead of the server.')
      : total === 0
        ? colours.green('Nothing was broken.')
        : breachesBuild(tally, strict)
          ? ''
          : colours.dim('Nothing binding was broken; --strict would fail.'),
  );
  return `${lines.join('\n').trimEnd()}\n`;
}

function musts(role: Role, { examined }: Tally, requirementOf: (id: string) => Requirement | undefined): string {
  const binding = [...examined[role]].filter((id) => (requirementOf(id)?.level ?? 'MUST').startsWith('MUST')).length;
  return examined[role].size === 0 ? '' : ` (${binding} of them MUST)`;
}

function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

/** The same for programs. */
export function summaryOf(tally: Tally, counts: Counts, requirementOf: (id: string) => Requirement | undefined) {
  return {
    type: 'summary',
    durationMs: Math.round(counts.ms),
    frames: counts.frames,
    connections: counts.connections,
    examined: { client: [...tally.examined.client].toSorted(), server: [...tally.examined.server].toSorted() },
    broken: tally.broken.map(({ requirement, ...rest }) => {
      const text = requirement === undefined ? undefined : requirementOf(requirement)?.text;
      return { ...(requirement === undefined ? {} : { requirement }), ...(text === undefined ? {} : { text }), ...rest };
    }),
  };
}
