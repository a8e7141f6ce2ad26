import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Builder, filesOf } from './build.ts';
import { type Patch, type PatchedPeer, patched } from './patch.ts';
import { type Site, siteOf } from './places.ts';

/** A patched peer, and the probes that tell where anything is otherwise with it. */
export interface Watched {
  /** Of the peer. */
  readonly id: string;
  readonly probes: readonly number[];
}

/** The registry with the peers as they are, and with probes that tell what of them runs. */
export interface Probed {
  /** Path of the module. */
  readonly registry: string;
  readonly watched: readonly Watched[];
}

/** The global that probes write to, a list as long as there are: 1 where one was reached. Set before what has probes is imported. */
export const REACHED = '__weirReached';

/** A site of a source. */
interface Located {
  readonly file: string;
  readonly site: Site;
}

/**
 * Builds the registry with the peers as they are, and a probe wherever one of those peers would do something otherwise. Throws where a patch
 * does not fit.
 */
export async function probedRegistry(
  { builder, root, protocol }: { readonly builder: Builder; readonly root: string; readonly protocol: string },
  peers: readonly PatchedPeer[],
): Promise<Probed> {
  const sources = new Map(peers.flatMap(filesOf).map((file) => [file, readFileSync(join(root, file), 'utf8')]));
  const bySource = [...sources];
  const located = peers.map(({ id, patches }) => ({
    id,
    sites: bySource.flatMap(([file, source]) => sitesOf(id, patches, file, source).map((site): Located => ({ file, site }))),
  }));
  const places = new Map(located.flatMap(({ sites }) => sites).map((each) => [keyOf(each), each]));
  const numbers = new Map([...places.keys()].map((key, probe) => [key, probe]));
  const numberOf = (each: Located): number => numbers.get(keyOf(each)) ?? -1;
  const probesOf = (file: string): Probe[] =>
    [...places.values()].filter((each) => each.file === file).map((each) => ({ site: each.site, probe: numberOf(each) }));
  const roles = [...new Set(peers.map(({ role }) => role))];
  const change = (file: string, source: string): string => withProbes(source, probesOf(file));
  const whole = await builder.text([...sources.keys()], 'as-it-is', change, { protocol, roles });
  return {
    registry: await builder.write('as-it-is', whole),
    watched: located.map(({ id, sites }) => ({ id, probes: sites.map(numberOf) })),
  };
}

function keyOf({ file, site: { kind, from, to } }: Located): string {
  return `${file} ${kind} ${from} ${to}`;
}

/** Where a peer's patches of one source make a difference. One that makes no sense without the others is looked at together with them. */
function sitesOf(id: string, all: readonly Patch[], file: string, source: string): Site[] {
  const patches = all.filter((patch) => patch.file === file);
  const siteWith = (some: readonly Patch[]): Site => siteOf(source, patched(source, file, { id, patches: some }));
  try {
    return patches.map((patch) => siteWith([patch]));
  } catch {
    return [siteWith(patches)];
  }
}

/** What tells that a site was reached. */
export interface Probe {
  readonly site: Site;
  readonly probe: number;
}

/** A source with probes in it. */
export function withProbes(source: string, probes: readonly Probe[]): string {
  // From the end, so that no place moves before something is put there; of several at one the last of them first.
  const insertions = probes.flatMap(insertionsOf).toSorted((a, b) => b.at - a.at || b.rank - a.rank);
  return insertions.reduce((text, { at, added }) => text.slice(0, at) + added + text.slice(at), source);
}

interface Insertion {
  readonly at: number;
  readonly added: string;
  /** Of several at one place, the one with less comes first. */
  readonly rank: number;
}

/** What ends somewhere comes before what begins there; the inner ends first, the outer begins first. */
function insertionsOf({ site: { kind, from, to, depth }, probe }: Probe): Insertion[] {
  const told = `globalThis.${REACHED}[${probe}] = 1`;
  if (kind === 'statement') return [{ at: from, added: `;${told};`, rank: depth }];
  const [open, close] = kind === 'around-statement' ? [`{ ${told}; `, ' }'] : [`(${told}, (`, '))'];
  return [
    { at: from, added: open, rank: depth },
    { at: to, added: close, rank: -depth },
  ];
}

/** What has been reached since it was asked before, by the ids of those whose probes tell so. */
export function reachedOf(watched: readonly Watched[], probes: Uint8Array): readonly string[] {
  const ids = watched.filter(({ probes: own }) => own.some((probe) => probes[probe] === 1)).map(({ id }) => id);
  probes.fill(0);
  return ids;
}
