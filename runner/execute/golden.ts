import { bodyLength, type Frame, type Role } from '../../protocols/common/frame.ts';
import type { RunFacts } from '../../protocols/common/invariant.ts';
import type { CallFacts, NormalisedTrace } from '../../protocols/common/normalise.ts';
import type { Trace, TraceEvent } from '../../protocols/common/trace.ts';
import type { World } from '../worlds/world.ts';
import { type Casting, isPlayedAlike } from './casting.ts';
import { perform } from './perform.ts';
import { isComplete } from './performance.ts';

/** The trace of a case with the reference peer in both roles, or why there is none. */
export type Golden =
  | {
      readonly ok: true;
      /** Undefined where it is too long to be kept; all that judges compare with is in `normalised`. */
      readonly trace: Trace | undefined;
      readonly normalised: NormalisedTrace;
      /** That the client opened. */
      readonly connections: number;
      /** That both ends sent. */
      readonly frames: number;
      readonly calls: readonly CallFacts[];
      readonly facts: RunFacts;
    }
  | { readonly ok: false; readonly reason: string };

/** Gives golden traces. Equal castings share one performance. */
export interface GoldenSource {
  of(casting: Omit<Casting, 'client' | 'server'>): Promise<Golden>;
}

/** What stands in the place of a golden trace that nobody needed. */
export const NOT_MADE: Golden = { ok: false, reason: 'it was not made' };

/**
 * Of which case-runs a golden trace is made: of all, so that no verdict is given on a case that the reference pair does not get through;
 * or, where the reference pair itself is run, of those that are compared with it or did not pass.
 */
export type GoldenUse = 'always' | 'needed';

/** Seed of golden performances: another than any run's, so that nothing can agree by sharing ids. */
const GOLDEN_SEED = 0x60_1d;

/** Bytes that kept golden traces may have together, about: those of the usual corpus fit, those of a sweep come and go. */
const KEPT_BYTES = 128 * 1024 * 1024;

/** About what an event of a trace takes beside its frame's body, bytes. */
const EVENT_BYTES = 512;

/**
 * Makes golden traces in the simulated world, each once as long as it is among the last `keptBytes`; one that alone has more is
 * only kept in its normal form. `ends` are the reference peers.
 */
export function goldenSource(simulated: World, ends: Pick<Casting, 'client' | 'server'>, keptBytes = KEPT_BYTES): GoldenSource {
  const made = new Map<string, { readonly golden: Promise<Golden>; bytes: number }>();
  let bytes = 0;
  const makeRoom = (): void => {
    for (const [key, oldest] of made) {
      if (bytes <= keptBytes || made.size === 1) return;
      bytes -= oldest.bytes;
      made.delete(key);
    }
  };
  return {
    of(casting) {
      const role: Role | 'either' = isPlayedAlike(casting.case, casting.role) ? 'either' : casting.role;
      const key = `${casting.case.id} ${casting.binding} ${role}`;
      const known = made.get(key);
      if (known !== undefined) return known.golden;
      const performed = performGolden(simulated, { ...casting, ...ends, seed: GOLDEN_SEED }, keptBytes);
      const kept = { golden: performed.then(({ golden }) => golden), bytes: 0 };
      made.set(key, kept);
      void performed.then(({ bytes: its }) => {
        if (made.get(key) !== kept) return;
        kept.bytes = its;
        bytes += its;
        makeRoom();
      });
      return kept.golden;
    },
  };
}

/** About what an event takes. */
function bytesOf(event: TraceEvent): number {
  return EVENT_BYTES + (event.type === 'sent' ? bodyBytes(event.frame) : 0);
}

function bodyBytes(frame: Frame): number {
  return frame.class === 'data' ? bodyLength(frame) : 0;
}

/** A golden trace, and about how many bytes of it are kept. */
interface Made {
  readonly golden: Golden;
  readonly bytes: number;
}

async function performGolden(world: World, casting: Casting, keptBytes: number): Promise<Made> {
  const without = (reason: string): Made => ({ golden: { ok: false, reason }, bytes: EVENT_BYTES });
  try {
    const { played, trace, normalised, calls, facts, release } = await perform(world, casting, undefined);
    let [connections, frames, bytes] = [0, 0, 0];
    // One pass: a long trace is read from the disk.
    for (const event of trace) {
      if (event.type === 'opened') connections += 1;
      if (event.type === 'sent') frames += 1;
      bytes += bytesOf(event);
    }
    const complete = isComplete(played, casting.case);
    const isKept = complete && bytes <= keptBytes;
    if (!isKept) release();
    if (complete) {
      const golden: Golden = { ok: true, trace: isKept ? trace : undefined, normalised, connections, frames, calls, facts };
      return { golden, bytes: isKept ? bytes : EVENT_BYTES };
    }
    if (played.failure !== undefined) return without(`step ${played.failure.step + 1}: ${messageOf(played.failure.error)}`);
    const last = played.outcomes.at(-1);
    return without(`step ${played.outcomes.length}: ${last === undefined || last.ok ? 'not reached' : last.message}`);
  } catch (error) {
    return without(messageOf(error));
  }
}

/** The text of something thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
