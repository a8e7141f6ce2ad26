import { type Builder, filesOf } from './build.ts';
import type { Patch, PatchedPeer } from './patch.ts';

/** A stretch of a text, in UTF-16 units; empty where something is only added. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** A stretch of a built module. */
export interface Place extends Stretch {
  /** Id of the peer that has a patch there. */
  readonly id: string;
}

/** The registry with the peers as they are, and where in its module each peer is otherwise. */
export interface Located {
  /** Path of the module. */
  readonly registry: string;
  readonly places: readonly Place[];
}

/**
 * Finds where in the registry the patches of these peers lie: what is built with a patch is compared with what is built without. Throws as
 * building does.
 */
export async function placesOf(builder: Builder, peers: readonly PatchedPeer[]): Promise<Located> {
  const files = [...new Set(peers.flatMap(filesOf))];
  const whole = await builder.text(files, { id: 'as-it-is', patches: [] });
  const places: Place[] = [];
  for (const { id, patches } of peers) for (const patch of patches) places.push({ id, ...(await stretchOf(builder, files, whole, patch)) });
  return { registry: await builder.write('as-it-is', whole), places };
}

async function stretchOf(builder: Builder, files: readonly string[], whole: string, patch: Patch): Promise<Stretch> {
  try {
    return otherwiseIn(whole, await builder.text(files, { id: patch.file, patches: [patch] }));
  } catch {
    // Makes no sense without the others, so that nothing is known of it alone.
    return { from: 0, to: whole.length };
  }
}

/**
 * The stretch of a text that has to be replaced to make another of it. Where several would do (of two equal lines one is added), it spans
 * all of them.
 */
export function otherwiseIn(text: string, other: string): Stretch {
  const shorter = Math.min(text.length, other.length);
  let before = 0;
  while (before < shorter && text[before] === other[before]) before += 1;
  let behind = 0;
  while (behind < shorter && text[text.length - 1 - behind] === other[other.length - 1 - behind]) behind += 1;
  return { from: Math.min(before, shorter - behind), to: text.length - Math.min(behind, shorter - before) };
}
