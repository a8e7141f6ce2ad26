import type { CallLanguage } from '../../protocols/common/call-kind.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';

/** What the grammar of cases needs of a protocol. */
export type CaseLanguage = Pick<
  Protocol,
  'name' | 'title' | 'bindings' | 'notThereYet' | 'timers' | 'wirePattern' | 'peerScript' | 'broker'
> &
  CallLanguage;
