import type { Killed, Matrix } from './matrix.ts';

/** The matrix in words: areas, survivors with their sentence, cases and invariants that notice nothing. `whole`: every mutant ran on every case. */
export function reportLines(matrix: Matrix, whole: boolean): string[] {
  const { areas, mutants } = matrix;
  const width = Math.max(4, ...areas.map(({ area }) => area.length));
  const sum = (of: Matrix['areas'], count: 'killed' | 'total' | 'equivalent'): number => of.reduce((total, area) => total + area[count], 0);
  const sums = (name: string, of: Matrix['areas']): string => row(name, sum(of, 'killed'), sum(of, 'total'), sum(of, 'equivalent'));
  const row = (name: string, killed: number, total: number, equivalent: number): string =>
    `  ${name.padEnd(width)}  ${`${killed}/${total}`.padStart(7)} killed${equivalent === 0 ? '' : `, ${equivalent} equivalent`}`;
  const lines = areas.map(({ area, killed, total, equivalent }) => row(area, killed, total, equivalent));
  for (const role of ['client', 'server'])
    lines.push(
      sums(
        role,
        areas.filter(({ area }) => area.startsWith(`${role}-`)),
      ),
    );
  lines.push(sums('all', areas));
  lines.push(...listed('survivors', mutants.filter(({ fate }) => fate === 'survived').map(survivorLine)));
  lines.push(...listed('breaks a binding rule and only warns', mutants.filter(({ fate }) => fate === 'warned').map(errorLine)));
  lines.push(...listed('noticed only as an error of the harness', mutants.filter(({ fate }) => fate === 'error').map(errorLine)));
  if (whole) {
    lines.push(...listed('cases that kill nothing in particular', matrix.idleCases));
    lines.push(...listed('invariants that kill nothing', matrix.idleInvariants));
  }
  return lines;
}

/** Who noticed one mutant, at most `most` case-runs of them. */
export function killLines({ mutant, fate, notices, runs }: Killed, most: number): string[] {
  const lines = [
    `${mutant.id} (${mutant.role}, ${mutant.area}): ${fate}, noticed by ${notices.length} of ${runs} case-runs`,
    `  ${mutant.what}`,
  ];
  for (const { run, witnesses } of notices.slice(0, most)) {
    lines.push(
      `  ${run}: ${witnesses.map(({ judge, checkpoint }) => (checkpoint.startsWith(judge) ? checkpoint : `${judge} ${checkpoint}`)).join(', ')}`,
    );
  }
  if (notices.length > most) lines.push(`  and ${notices.length - most} more`);
  return lines;
}

function survivorLine({ mutant }: Killed): string {
  return `${mutant.id} (${mutant.role}, ${mutant.requirement.join(', ')}): ${mutant.what}`;
}

function errorLine(killed: Killed): string {
  const [first] = killed.notices;
  return `${survivorLine(killed)} — ${first?.run ?? ''}: ${first?.witnesses.map(({ checkpoint }) => checkpoint).join(', ') ?? ''}`;
}

function listed(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title} (${lines.length}):`, ...lines.map((line) => `  ${line}`)];
}
