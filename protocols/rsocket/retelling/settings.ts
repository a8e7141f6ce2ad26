import { bodyLength } from '../../common/frame.ts';
import type { StepInWords, Telling } from '../../common/retelling.ts';
import type { Trace } from '../../common/trace.ts';
import { toTagged } from '../../common/value.ts';
import { FLAG, has, type RSocketFrame, type SetupFrame } from '../frame.ts';
import { COMPOSITE, OCTETS } from '../metadata.ts';
import { DEFAULT_TIMERS } from '../timers.ts';
import { readValue } from '../value.ts';
import type { Streams } from './streams.ts';

/** Options and nominal timers of an end, as its frames show them. */
export interface Settings {
  readonly options: StepInWords;
  readonly timers: Readonly<Record<string, number>>;
}

/** What the frames of an end show of how it was set up; `session`: of the client of that session, undefined: of the server. */
export function settingsOf(trace: Trace<RSocketFrame>, streams: Streams, { timeScale }: Telling, session: number | undefined): Settings {
  const options: Record<string, unknown> = {};
  const timers: Record<string, number> = {};
  const time = (name: keyof typeof DEFAULT_TIMERS, ms: number): void => {
    const nominal = Math.round(ms / timeScale);
    if (nominal > 0 && nominal !== DEFAULT_TIMERS[name]) timers[name] = nominal;
  };
  const from = session === undefined ? 'server' : 'client';
  const setups = new Map<number, SetupFrame>();
  for (const event of trace) {
    if (event.type !== 'sent' || event.frame.class !== 'data' || !event.decoded?.ok) continue;
    const { message: frame } = event.decoded;
    const on = streams.session(event.connection);
    if (frame.type === 'SETUP' && event.from === 'client' && !setups.has(on)) {
      setups.set(on, frame);
      if (on === session) {
        Object.assign(options, announced(frame));
        time('keepaliveMs', frame.keepaliveMs);
        time('lifetimeMs', frame.lifetimeMs);
      }
    }
    if (event.from !== from || (session !== undefined && on !== session)) continue;
    if (frame.type === 'LEASE' && options['leaseRequests'] === undefined) {
      options['leaseRequests'] = frame.requests;
      time('leaseTtlMs', frame.ttlMs);
    }
    if (from === 'server' && frame.type === 'RESUME_OK') options['resume'] = true;
    const fragment = frame.streamId !== 0 && frame.type !== 'REQUEST_N' && has(frame, FLAG.FOLLOWS);
    if (fragment) options['fragmentSize'] = Math.max(Number(options['fragmentSize'] ?? 0), bodyLength(event.frame));
  }
  // A server that was asked for it and did not refuse lets sessions be resumed.
  if (session === undefined && [...setups.values()].some(({ token }) => token !== undefined)) options['resume'] = true;
  return { options, timers };
}

/** What a SETUP says of a client that it does not say by itself. */
function announced({ token, flags, metadata, data, metadataMime, dataMime }: SetupFrame): StepInWords {
  return {
    ...(token === undefined ? {} : { resume: true, token: toTagged(readValue(token)) }),
    ...((flags & FLAG.LEASE) === 0 ? {} : { leaseRequests: 0 }),
    ...(data.length === 0 ? {} : { setupData: toTagged(readValue(data)) }),
    ...(metadata === undefined ? {} : { setupMetadata: toTagged(readValue(metadata)) }),
    ...(metadataMime === COMPOSITE ? {} : { metadataMime }),
    ...(dataMime === OCTETS ? {} : { dataMime }),
  };
}

/** The features that those settings take. */
export function needsOf({ options }: Settings): readonly string[] {
  const { resume, leaseRequests, fragmentSize } = options;
  return [
    ...(resume === undefined ? [] : ['resume']),
    ...(leaseRequests === undefined ? [] : ['lease']),
    ...(fragmentSize === undefined ? [] : ['fragmentation']),
  ];
}
