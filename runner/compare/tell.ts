import { oneLine } from '../../protocols/common/plain.ts';
import { show } from '../../protocols/common/show.ts';
import { CHANGES, type Change, type ChangeKind, type ResultsReport, type TraceReport } from './grammar.ts';
import { groupsOf, HEADLINES } from './words.ts';

/** Case-runs of one change and cause that are named. */
const NAMED = 5;

/** A comparison of results as lines of text: what changed, by cause, the gravest first. */
export function tellResults(report: ResultsReport): string[] {
  const sides = (['a', 'b'] as const).map((key) => {
    const { file, implementation, runs, startedAt, world } = report[key];
    return `${key}: ${file}: ${implementation}, ${counted(runs, 'case-run')}, ${world} world, ${startedAt}`;
  });
  const parts = CHANGES.flatMap((kind) => tellKind(kind, report.changes));
  const rest = `${counted(report.same, 'case-run')} ${report.same === 1 ? 'is' : 'are'} the same`;
  return [...sides, '', ...parts, rest].map(oneLine);
}

function tellKind(kind: ChangeKind, all: readonly Change[]): string[] {
  const changes = all.filter((change) => change.kind === kind);
  if (changes.length === 0) return [];
  const told = groupsOf(changes).flatMap(({ says, changes: group }) => tellGroup(says, group));
  return [`${counted(changes.length, 'case-run')} ${HEADLINES[kind]}`, ...told, ''];
}

function tellGroup(key: string, group: readonly Change[]): string[] {
  const message = group[0]?.b?.message ?? group[0]?.a?.message;
  const left = group.length - NAMED;
  return [
    `  ${key}`,
    ...(message === undefined ? [] : [`    ${message}`]),
    ...group.slice(0, NAMED).map(({ id }) => `    ${id}`),
    ...(left > 0 ? [`    and ${left} more`] : []),
  ];
}

/** A comparison of traces as lines of text. */
export function tellTraces(report: TraceReport): string[] {
  const sides = (['a', 'b'] as const).map((key) => {
    const { file, run, frames } = report[key];
    return `${key}: ${file}: ${run}, ${counted(frames, 'frame')} compared`;
  });
  const differing = report.differing.flatMap(({ stream, from, a, b, members }) => [
    `${from} on ${stream}: frame ${a.n} of a, frame ${b.n} of b`,
    `  a  ${a.summary}`,
    `  b  ${b.summary}`,
    ...members.map((member) => `     ${member.path}: ${show(member.a)} in a, ${show(member.b)} in b`),
  ]);
  const alone = (['a', 'b'] as const).flatMap((key) =>
    (key === 'a' ? report.onlyInA : report.onlyInB).map(
      ({ stream, from, n, summary }) => `${from} on ${stream}: frame ${n} only in ${key}: ${summary}`,
    ),
  );
  const variations = report.variations.length === 0 ? [] : [`set aside, since the protocol allows it: ${report.variations.join(', ')}`];
  const rest = `${counted(report.same, 'frame')} ${report.same === 1 ? 'says' : 'say'} the same`;
  return [...sides, '', ...differing, ...alone, ...(differing.length + alone.length === 0 ? [] : ['']), ...variations, rest].map(oneLine);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
