import { declareBaseline } from './commands/baseline/declare.ts';
import { declareBisect } from './commands/bisect/declare.ts';
import { declareCall } from './commands/call/declare.ts';
import { declareCheck } from './commands/check/declare.ts';
import { declareCoverage } from './commands/coverage/declare.ts';
import { declareDiff } from './commands/diff/declare.ts';
import { declareDistil } from './commands/distil/declare.ts';
import { declareDoctor } from './commands/doctor/declare.ts';
import { declareExplain } from './commands/explain/declare.ts';
import { declareExport } from './commands/export/declare.ts';
import { declareFuzz } from './commands/fuzz/declare.ts';
import { declareInit } from './commands/init/declare.ts';
import { declareList } from './commands/list/declare.ts';
import { declareMatrix } from './commands/matrix/declare.ts';
import { declareMerge } from './commands/merge/declare.ts';
import { declareQuery } from './commands/query/declare.ts';
import { declareReplay } from './commands/replay/declare.ts';
import { declareReport } from './commands/report/declare.ts';
import { declareRun } from './commands/run/declare.ts';
import { declareServe } from './commands/serve/declare.ts';
import { declareShow } from './commands/show/declare.ts';
import { declareTap } from './commands/tap/declare.ts';
import { declareView } from './commands/view/declare.ts';
import type { Declare } from './declare.ts';

/** Every command, in the order in which `weir --help` lists them. */
export const COMMANDS: readonly Declare[] = [
  declareRun,
  declareInit,
  declareDoctor,
  declareBaseline,
  declareReport,
  declareView,
  declareMatrix,
  declareQuery,
  declareBisect,
  declareMerge,
  declareReplay,
  declareCheck,
  declareDiff,
  declareExport,
  declareDistil,
  declareFuzz,
  declareList,
  declareShow,
  declareExplain,
  declareCoverage,
  declareTap,
  declareServe,
  declareCall,
];
