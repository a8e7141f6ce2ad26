import type { Party } from '../../../../protocols/common/frame.ts';
import type { Profile } from '../../../../protocols/common/requirement.ts';
import type { SecretOptions } from '../../masked-output.ts';

/** Options of `weir tap`. */
export interface TapOptions extends SecretOptions {
  readonly upstream: string;
  readonly listen: number;
  readonly clients?: number;
  readonly servers?: number;
  readonly binding?: string;
  readonly timer?: readonly string[];
  readonly json: boolean;
  readonly quiet: boolean;
  readonly kind?: readonly string[];
  readonly stream?: readonly string[];
  readonly from?: Party;
  readonly frame?: string;
  readonly fault?: readonly string[];
  readonly ui: boolean;
  readonly uiPort: number;
  readonly open: boolean;
  readonly output?: string;
  /** MiB. */
  readonly disk: number;
  readonly strict: boolean;
  readonly profile?: Profile;
  readonly allowRemote: boolean;
}
