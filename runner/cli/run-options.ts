import type { Role } from '../../protocols/common/frame.ts';
import type { Profile } from '../../protocols/common/requirement.ts';
import type { TracePolicy } from '../conduct.ts';
import type { Amount } from '../plan/amount.ts';
import type { Shard } from '../plan/narrow.ts';
import type { SecretOptions } from './masked-output.ts';
import type { Earlier } from './narrow.ts';
import type { ReportName } from './report-names.ts';

/** What a run of the corpus is asked for: the options of `weir run`, as the command line gives them. */
export interface RunOptions extends SecretOptions {
  readonly protocol?: string;
  readonly implementation?: string;
  /** The implementation at the other end, instead of the reference peer. */
  readonly against?: string;
  readonly role?: Role[];
  readonly binding?: string[];
  readonly tag?: string[];
  readonly requirement?: string[];
  readonly world?: 'real' | 'simulated';
  /** How much of the combinations of cases with axes is run; none: smoke of an implementation, else full. */
  readonly axes?: Amount;
  readonly timeScale: number;
  readonly toxiproxyUrl?: string;
  /** A Redis that is there already, for protocols whose ends dial one. */
  readonly redisUrl?: string;
  /** A server under test may be elsewhere than on the loopback. */
  readonly allowRemote: boolean;
  readonly seed?: number;
  readonly repeat: number;
  readonly concurrency?: number;
  readonly processes: number;
  readonly threads: number;
  readonly strict: boolean;
  /** Whose word counts on disputed rules; none: what breaks one is a question. */
  readonly profile?: Profile;
  /** Name of the frozen set to score against. */
  readonly set?: string;
  readonly isolate: boolean;
  readonly timeout?: number;
  readonly watch: boolean;
  readonly bail?: number;
  readonly shard?: Shard;
  readonly lastFailed: boolean;
  /** What `lastFailed` goes by, instead of the results file. */
  readonly earlier?: Earlier;
  /** Kinds or single variants; true: all. */
  readonly sweep?: string[] | true;
  /** Whether news is run again apart before it is told; `too-slow`: only what everyone was too slow for. */
  readonly confirm: boolean | 'too-slow';
  readonly output: string | false;
  /** Which reports are written into the output folder, beside results.json. */
  readonly report: readonly ReportName[];
  /** Open the HTML report when the run is over. */
  readonly open?: boolean;
  readonly traces: TracePolicy;
  readonly verbose: boolean;
  readonly stories: number;
  /** Known failures whose measured rate has expired are no error: they are about to be measured again. */
  readonly allowExpired?: boolean;
}
