import { type Campaign, runPatched, runUnpatched } from './campaign.ts';
import type { JobOutcome } from './crew.ts';
import type { PatchedPeer } from './patch.ts';

/** Outcomes in which nothing is the doing of the peers as they are. */
export interface Verified {
  /** By peer id. */
  readonly outcomes: ReadonlyMap<string, JobOutcome>;
  /** Case-runs left out, since the peers as they are do not pass them. */
  readonly unfit: readonly string[];
}

/** Everything with the peers as they are first, then what they pass with each patched peer. */
export async function runThoroughly(campaign: Campaign, peers: readonly PatchedPeer[]): Promise<Verified> {
  const { unfit } = await runUnpatched(campaign);
  return { unfit, outcomes: await runPatched(campaign, peers, { unfit }) };
}

/**
 * The patched peers first. Few case-runs notice them where each is run only until it is noticed, so that it is cheaper to
 * ask afterwards whether the peers as they are pass those; a peer that was noticed by another is then run again.
 */
export async function runQuickly(campaign: Campaign, peers: readonly PatchedPeer[]): Promise<Verified> {
  const outcomes = new Map<string, JobOutcome>();
  const unfit: string[] = [];
  for (let pending = peers; pending.length > 0; ) {
    const latest = await runPatched(campaign, pending, { unfit });
    for (const [id, outcome] of latest) outcomes.set(id, outcome);
    const noticing = new Set([...latest.values()].flatMap(({ notices }) => notices.map(({ run }) => run)));
    const found = noticing.size === 0 ? [] : (await runUnpatched(campaign, [...noticing])).unfit;
    unfit.push(...found);
    pending = pending.filter(({ id }) => latest.get(id)?.notices.some(({ run }) => found.includes(run)));
  }
  return { outcomes, unfit };
}
