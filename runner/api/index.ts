// What programs build on: `import { runWeir } from 'weir-conformance'`. docs/library.md says what else the package exports.
export type { CaseRun, Finding, Results, Verdict } from '../results/result.ts';
export { breaksBuild } from '../results/standing.ts';
export { objectionTo } from './objection.ts';
export { type RunWeirOptions, runWeir } from './run-weir.ts';
