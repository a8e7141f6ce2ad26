import type { Role } from '../../../../protocols/common/frame.ts';
import type { SecretOptions } from '../../masked-output.ts';

/** Options of `weir fuzz`, as the command line gives them. */
export interface FuzzOptions extends SecretOptions {
  readonly implementation?: string;
  readonly role?: Role[];
  readonly binding?: string[];
  readonly world?: 'real' | 'simulated';
  readonly timeScale: number;
  readonly redisUrl?: string;
  readonly allowRemote: boolean;
  /** Broken SHOULD and IMPL rules are findings too; always for the reference pair. */
  readonly strict: boolean;
  /** Features that are not used, though the implementation has them. */
  readonly without?: string[];
  readonly seed?: number;
  /** Most scenarios. */
  readonly runs: number;
  /** Longest that the search goes on, seconds. */
  readonly time: number;
  readonly concurrency?: number;
  readonly output: string;
}
