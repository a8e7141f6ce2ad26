import type { Profile } from '../../../../protocols/common/requirement.ts';
import type { SecretOptions } from '../../masked-output.ts';

/** Options of `weir distil`. */
export interface DistilOptions extends SecretOptions {
  /** From 1. */
  readonly finding?: number;
  readonly role?: string;
  readonly fromWire: boolean;
  readonly implementation?: string;
  /** Longest that the case is made shorter, seconds. */
  readonly time: number;
  readonly output?: string;
  readonly strict: boolean;
  readonly profile?: Profile;
  readonly timeScale: number;
  readonly seed?: number;
  readonly redisUrl?: string;
  readonly allowRemote: boolean;
}
