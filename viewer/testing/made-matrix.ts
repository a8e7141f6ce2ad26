import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAssets } from '../../reporters/html/html.ts';
import { matrixPage } from '../../reporters/html/matrix-page.ts';
import { packageRoot } from '../../runner/package-root.ts';
import type { Matrix, MatrixRow } from '../../runner/results/matrix.ts';
import type { MatrixMatter } from '../matrix-data.ts';
import { HOSTILE } from './made.ts';

/** Writes the page of a matrix. Gives its address as a file. */
export async function makeMatrixPage(folder: string, matter: MatrixMatter): Promise<string> {
  const assets = await readAssets(join(packageRoot(), 'dist/viewer'));
  const file = join(folder, 'matrix.html');
  writeFileSync(file, [...(await matrixPage(matter, assets))].join(''));
  return `file://${file}`;
}

/** The small one, with three of the four pairs that two rows can be. */
export function pairedMatter(): MatrixMatter {
  const matter = smallMatter();
  const pair = { client: 'mine@2', server: 'mine@2', state: 'ran' as const, causes: [] };
  const all = [
    { ...pair, counts: { pass: 2, fail: 1 }, causes: [{ fingerprint: 'a', message: 'sum read nothing', runs: 1 }] },
    { ...pair, server: 'other@1', counts: { pass: 3, skip: 1 } },
    { ...pair, client: 'other@1', state: 'not-set-up' as const, reason: 'npm is not here', counts: {} },
  ];
  return { ...matter, matrix: { ...matter.matrix, pairs: { selection: ['brook/rpc/**'], all } } };
}

/** A row with these verdicts, as letters. */
export function aRow(changes: Partial<MatrixRow>): MatrixRow {
  return {
    id: 'mine@2',
    name: 'mine',
    title: 'Mine',
    version: '2',
    language: 'C',
    reference: false,
    roles: ['client'],
    state: 'ran',
    ranAt: '2026-01-01T00:00:00.000Z',
    durationMs: 1000,
    verdicts: '',
    found: {},
    skipped: {},
    rates: {},
    kept: {},
    ...changes,
  };
}

/** The reference pair, and an implementation in two versions, one of which cannot be set up beside one that has every kind of trouble. */
export function smallMatrix(text = ''): Matrix {
  const areas = ['rpc', 'stream', 'cancel'];
  const caseRuns = Array.from({ length: 9 }, (_, i) => ({
    id: `brook/${areas[i % 3]}/case-${i}@client+json`,
    case: `brook/${areas[i % 3]}/case-${i}`,
    area: areas[i % 3] ?? '',
    role: 'client' as const,
    binding: 'json',
    title: `Case ${i}${text}`,
    requirements: ['TEST-01'],
    hash: `0000000${i}`,
  }));
  return {
    schema: 'weir-matrix/1',
    weir: '0.1.0',
    protocol: 'brook',
    title: `Brook v1${text}`,
    madeAt: '2026-01-02T00:00:00.000Z',
    selection: [],
    tests: { 'TEST-01': { cases: 9, invariants: ['brook/answers'], mutants: { listed: 4, killed: 4 } } },
    requirements: {
      'TEST-01': { level: 'MUST', role: 'client', source: `RPC${text}`, text: `The caller receives the payload.${text}` },
      'TEST-02': { level: 'SHOULD', role: 'both', source: 'RPC', text: 'Nobody dawdles.' },
      'TEST-03': {
        level: 'MUST',
        role: 'client',
        source: 'RPC',
        text: 'Late answers are dropped.',
        disputed: { spec: `drop${text}`, official: 'keep', demanded: 'spec' },
      },
    },
    caseRuns,
    findings: [
      { requirement: 'TEST-01', level: 'MUST', fingerprint: 'a', message: `sum read nothing${text}` },
      { requirement: 'TEST-02', level: 'SHOULD', fingerprint: 'b', message: 'it dawdled' },
      { requirement: 'TEST-03', level: 'MUST', question: true, fingerprint: 'c', message: 'a late answer was read' },
    ],
    reasons: [`mine does not declare the feature cancel${text}`],
    rows: [
      aRow({
        id: 'reference',
        name: 'reference',
        title: 'Reference pair',
        version: '0.1.0',
        reference: true,
        verdicts: 'ppppppppp',
        kept: { client: { 'TEST-01': 'kept', 'TEST-02': 'kept', 'TEST-03': 'kept' } },
      }),
      aRow({
        title: `Mine${text}`,
        verdicts: 'fwsqpsfpe',
        found: { 0: [0], 1: [1], 3: [2], 6: [0] },
        skipped: { 2: 0, 5: 0 },
        rates: { 6: { failed: 0.25, runs: 8 } },
        kept: { client: { 'TEST-01': 'broken', 'TEST-02': 'broken', 'TEST-03': 'question' } },
      }),
      aRow({
        id: 'mine@1',
        version: '1',
        verdicts: 'ppsfpsppe',
        found: { 3: [0] },
        skipped: { 2: 0, 5: 0 },
        kept: { client: { 'TEST-01': 'broken', 'TEST-02': 'kept', 'TEST-03': 'kept' } },
      }),
      aRow({
        id: 'mine@0',
        version: '0',
        state: 'not-set-up',
        reason: `npm ci failed${text}\nno such release${text}`,
        verdicts: '---------',
      }),
    ],
  };
}

/** All that the page of the small matrix shows. */
export function smallMatter(text = ''): MatrixMatter {
  return {
    matrix: smallMatrix(text),
    changes: [
      { row: 'mine@2', id: 'brook/rpc/case-0@client+json', since: '2026-01-01T00:00:00.000Z', before: 'p', now: 'f', kind: 'worse' },
    ],
    evidence: { 1: 0, 2: 1 },
  };
}

/** A matrix of so many versions and cases, some of which fail. */
export function largeMatter(rows: number, cases: number): MatrixMatter {
  const small = smallMatrix();
  const caseRuns = Array.from({ length: cases }, (_, i) => ({
    id: `brook/area-${i % 25}/case-${i}@client+json`,
    case: `brook/area-${i % 25}/case-${i}`,
    area: `area-${i % 25}`,
    role: 'client' as const,
    binding: 'json',
    title: `Case ${i} does what it says, and says it at some length`,
    requirements: [`RULE-${i % 200}`],
    hash: '00000000',
  }));
  const requirements = Object.fromEntries(
    Array.from({ length: 200 }, (_, i) => [
      `RULE-${i}`,
      { level: 'MUST', role: 'client' as const, source: 'RPC', text: `Rule ${i} in a sentence of common length, as rules have.` },
    ]),
  );
  const findings = Array.from({ length: 200 }, (_, i) => ({
    requirement: `RULE-${i}`,
    level: 'MUST',
    fingerprint: `f${i}`,
    message: `what was seen of rule ${i} is not what was expected`,
  }));
  const kept = {
    client: Object.fromEntries(Object.keys(requirements).map((id, i) => [id, i % 7 === 0 ? ('broken' as const) : ('kept' as const)])),
  };
  const made = Array.from({ length: rows }, (_, at) => {
    const failing = caseRuns.flatMap((_each, i) => ((i * 7 + at) % 5 === 0 ? [i] : []));
    const set = new Set(failing);
    return aRow({
      id: `mine-${at % 10}@${at}`,
      name: `mine-${at % 10}`,
      title: `Mine ${at % 10}`,
      version: `${at}`,
      verdicts: caseRuns.map((_each, i) => (set.has(i) ? 'f' : 'p')).join(''),
      found: Object.fromEntries(failing.map((i) => [i, [i % 200]])),
      kept,
    });
  });
  return { matrix: { ...small, requirements, caseRuns, findings, rows: [...small.rows.slice(0, 1), ...made] }, changes: [], evidence: {} };
}

/** Everything that others wrote is hostile. */
export function hostileMatter(): MatrixMatter {
  return smallMatter(` ${Object.values(HOSTILE).join(' ')}`);
}
