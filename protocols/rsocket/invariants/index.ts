import type { ListeningInvariant } from '../../common/listening.ts';
import type { RSocketFrame } from '../frame.ts';
import { errors } from './errors.ts';
import { fragments } from './fragments.ts';
import { frameForm } from './frame-form.ts';
import type { Ears } from './judging.ts';
import { keepalive } from './keepalive.ts';
import { keepalivePace } from './keepalive-pace.ts';
import { lastFragment } from './last-fragment.ts';
import { lease } from './lease.ts';
import { resume } from './resume.ts';
import { setup } from './setup.ts';
import { streamIds } from './stream-ids.ts';
import { channelErrors, streams } from './streams.ts';

/** RSocket's rules over traces. One line each; every invariant runs on every trace. */
export const rsocketInvariants: readonly ListeningInvariant<RSocketFrame, Ears>[] = [
  frameForm,
  setup,
  streamIds,
  streams,
  channelErrors,
  fragments,
  lastFragment,
  errors,
  keepalive,
  keepalivePace,
  lease,
  resume,
];
