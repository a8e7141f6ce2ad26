import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EvidenceFiles } from '../../reporters/html/evidence.ts';
import { readAssets } from '../../reporters/html/html.ts';
import { pageOf } from '../../reporters/html/page.ts';
import { aCaseRun, aFailure, someResults } from '../../reporters/testing/results.ts';
import { packageRoot } from '../../runner/package-root.ts';
import type { CaseRun, Glossary, Results } from '../../runner/results/result.ts';

/** Writes a page of made results, one set or several; `files` are the traces and bundles by path. Gives its address as a file. */
export async function makePage(
  folder: string,
  results: Results | readonly Results[],
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const evidence: EvidenceFiles = {
    size: async (path) => files[path.replace(/^\.\//, '')]?.length,
    read: async (path) => Buffer.from(files[path.replace(/^\.\//, '')] ?? ''),
  };
  const assets = await readAssets(join(packageRoot(), 'dist/viewer'));
  const sets = [results].flat().map((each) => ({ results: each, folder: '' }));
  const file = join(folder, 'report.html');
  writeFileSync(file, [...(await pageOf(sets, { assets, files: evidence }))].join(''));
  return `file://${file}`;
}

/** The words of made results. */
export const WORDS: Glossary = {
  title: 'Brook v1',
  requirements: {
    'TEST-01': { level: 'MUST', role: 'client', source: 'RPC', text: 'The caller receives the payload.' },
    'TEST-02': { level: 'SHOULD', role: 'both', source: 'RPC', text: 'Nobody dawdles.' },
  },
  variations: { dawdling: { allowedBy: 'TEST-02', describe: 'An end may take its time.' } },
  cases: {
    'river/rpc/add': {
      file: 'cases/river/rpc/add.yaml',
      steps: [
        { line: 3, column: 5 },
        { line: 4, column: 5 },
      ],
    },
  },
  files: {
    'cases/river/rpc/add.yaml':
      'title: An rpc is answered with exactly one result\nsteps:\n  - invoke: { as: sum }\n  - receive: { from: sum }\n  - end: sum\n',
  },
};

/** Results of so many case-runs in twenty areas, some of which fail for one of three causes. */
export function manyResults(count: number): Results {
  const runs = Array.from({ length: count }, (_, i): CaseRun => {
    const area = `area-${String(i % 20).padStart(2, '0')}`;
    const id = `river/${area}/case-${String(i).padStart(5, '0')}`;
    const changes = { id: `${id}@client+json`, case: id, title: `Case ${i} of ${area} does what it says`, durationMs: (i * 37) % 4000 };
    return i % 50 === 0 ? aFailure(changes, `expectation/TEST-01/receive/${i % 3}`) : aCaseRun(changes);
  });
  return { ...someResults(runs), glossary: WORDS };
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A trace file of so many frames, each sent and delivered, on connections of five hundred frames each. */
export function longTrace(frames: number): string {
  const lines: object[] = [head('river/rpc/add@client+json')];
  let n = 0;
  for (let i = 0; i < frames; i += 1) {
    const connection = Math.floor(i / 500);
    if (i % 500 === 0) lines.push({ n: n++, t: i, type: 'opened', connection });
    const from = i % 2 === 0 ? 'client' : 'server';
    const body = `{"seq":${i},"payload":{"text":"frame ${i}"}}`;
    const frame = { kind: 'message', class: 'data', text: false, data: base64(body) };
    const message = { seq: i, payload: { text: `frame ${i}` } };
    const words = { summary: `#${i} data {"text":"frame ${i}"} stream s${i % 7}`, kind: 'data', stream: `main/s${i % 7}` };
    lines.push({ n, t: i, type: 'sent', connection, from, frame, message, ...words });
    lines.push({
      n: n + 1,
      t: i + 0.1,
      type: 'delivered',
      connection,
      to: from === 'client' ? 'server' : 'client',
      of: n,
      altered: false,
      frame,
      message,
      summary: words.summary,
    });
    n += 2;
    if (i % 500 === 499) lines.push({ n: n++, t: i + 0.5, type: 'closed', connection, by: 'client', how: 'close', code: 1000 });
  }
  return `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`;
}

/** A trace of which all is the head of an upgrade. */
export function headTrace(text: string): string {
  const frame = { kind: 'head', class: 'opening', data: { $bytes: base64(text) } };
  const lines = [
    head('river/rpc/add@client+json'),
    { n: 0, t: 0, type: 'opened', connection: 0 },
    { n: 1, t: 1, type: 'sent', connection: 0, from: 'client', frame, kind: 'head', summary: 'GET /' },
    { n: 2, t: 2, type: 'delivered', connection: 0, to: 'server', of: 1, altered: false, frame, summary: 'GET /' },
  ];
  return `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`;
}

function head(run: string) {
  return {
    'weir-trace': 1,
    weir: '0',
    protocol: 'river',
    run,
    case: 'river/rpc/add',
    role: 'client',
    binding: 'json',
    timeScale: 1,
    facts: { binding: 'json', clientIds: [], serverId: 'S', timers: {}, procedureKinds: {}, scripted: [] },
    calls: [],
    closing: 1_000_000,
  };
}

/** Texts that pages must show as texts. */
export const HOSTILE = {
  script: '<script>window.struck = true</script><img src=x onerror="window.struck = true">',
  ansi: '\u001b[2J\u001b[31mred',
  bidi: 'abc\u202egnp.exe',
  close: '</script></style><!-- -->',
} as const;

/** A bundle whose every text is hostile, with a text of ten million characters. */
export function hostileBundle(): string {
  const all = Object.values(HOSTILE).join(' ');
  const long = 'x'.repeat(10_000_000);
  const message = { [HOSTILE.script]: HOSTILE.bidi, long, list: [HOSTILE.ansi, { $bytes: 'AAEC' }, { $undefined: true }] };
  const frame = { kind: 'message', class: 'data', text: true, data: base64(all) };
  const fields = [
    { path: [], at: [0, 100], form: HOSTILE.script },
    { path: [HOSTILE.script], at: [0, 40], says: HOSTILE.ansi },
  ];
  const trace = [
    { n: 0, t: 0, type: 'application', role: 'client', instance: all, event: { kind: 'invoke', call: all, procedure: all, init: all } },
    { n: 1, t: 1, type: 'opened', connection: 0 },
    {
      n: 2,
      t: 2,
      type: 'sent',
      connection: 0,
      from: 'client',
      frame,
      message,
      summary: all,
      kind: HOSTILE.script,
      stream: HOSTILE.bidi,
      fields,
    },
    { n: 3, t: 3, type: 'fault', connection: 0, what: all },
    { n: 4, t: 4, type: 'sent', connection: 0, from: 'server', frame, undecodable: all, summary: all, kind: 'undecodable', fields: [] },
    { n: 5, t: 5, type: 'closed', connection: 0, by: 'server', how: 'rst' },
  ];
  return JSON.stringify({
    schema: 'weir-bundle/1',
    observed: { trace, closing: 6 },
    golden: {
      ok: true,
      trace: trace.slice(1, 3),
      alignment: {
        pairs: [{ observed: 2, golden: 2, differs: [{ path: HOSTILE.script, observed: all, golden: HOSTILE.ansi }] }],
        alone: { observed: [4], golden: [] },
      },
    },
    timeScale: 1,
  });
}

/** Results of one case-run in which every text of others is hostile. */
export function hostileResults(): Results {
  const all = Object.values(HOSTILE).join(' ');
  const run = aFailure({
    title: all,
    bundle: 'bundle.json',
    stderr: `${all}\n${HOSTILE.ansi}`,
    verdict: 'fail',
    client: { name: all, version: HOSTILE.bidi, reference: false },
  });
  const [finding] = run.findings;
  const findings = finding === undefined ? [] : [{ ...finding, message: all, events: [2] }];
  return { ...someResults([{ ...run, findings }], { fail: 1 }), warnings: [all], glossary: WORDS };
}
