/**
 * A reference peer that does something otherwise is data: small textual patches of its sources, so that the sources
 * read as if they did not exist. With a bug in it the peer is a mutant, with a liberty that the protocol allows a variant.
 * Entries live in `<kind>/<protocol>/<role>-<area>.yaml`, a list a file. What both peers have in common is patched in both by one entry
 * of `both-<area>.yaml`: it stands for two peers, whose ids begin with their roles.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { peerOf, type Role } from '../../protocols/common/frame.ts';
import { anyGlob } from '../globs/glob.ts';

/** Grammar of one patch. */
export const patchShape = {
  file: z.string().describe('The source that is patched.'),
  find: z.string().min(1).describe('What the patch replaces; occurs exactly once in the file.'),
  replace: z.string(),
};

/** Grammar of what every patched peer is described by. */
export const peerShape = {
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'an id is written in kebab-case'),
  role: z.enum(['client', 'server', 'both']).describe('Which reference peer is patched, or one after the other.'),
  what: z
    .string()
    .min(12)
    .describe(
      'What the peer does otherwise, as one would say of an implementation; $' + '{role} and $' + '{peer} are it and the other end.',
    ),
  bindings: z.literal('all').optional().describe('Runs under every binding; for what not every binding shows. Else under the first only.'),
};

/** A change of one source. */
export interface Patch {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** A reference peer with patches in it. */
export interface PatchedPeer {
  readonly id: string;
  readonly role: Role;
  readonly bindings?: 'all' | undefined;
  /** Applied one after another. */
  readonly patches: readonly Patch[];
  /** What it does otherwise, in words. */
  readonly what: string;
  /** Requirements that it is about. */
  readonly requirement?: readonly string[] | undefined;
  /** Id of a case that is known to notice it. */
  readonly noticedBy?: string | undefined;
  /** Name of the list it stands in, or of one like it for its role alone. */
  readonly area: string;
}

/** One entry of a list, for the peer of one role or of both. */
interface Entry {
  readonly id: string;
  readonly role: Role | 'both';
  readonly what: string;
  readonly noticedBy?: string | undefined;
  readonly patches: readonly Patch[];
}

/** An entry together with what it is for one role, and the list it stands in. */
type Peer<T extends Entry> = Omit<T, 'role'> & Pick<PatchedPeer, 'role' | 'area'>;

/** Reads every list of a folder, in order of file and place. Throws an Error that names the file of a list with another shape, or an id listed twice. */
export function loadPatchedPeers<T extends Entry>(folder: string, shape: z.ZodType<T>): readonly Peer<T>[] {
  const lists = readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort();
  const seen = new Set<string>();
  return lists.flatMap((file) => {
    const parsed = z.array(shape).safeParse(parse(readFileSync(join(folder, file), 'utf8')));
    if (!parsed.success) throw new Error(`${join(folder, file)}: ${z.prettifyError(parsed.error)}`);
    const peers = parsed.data.flatMap((entry) => peersOf(entry, file.replace(/\.yaml$/, '')));
    for (const { id } of peers) {
      if (seen.has(id)) throw new Error(`${join(folder, file)}: ${id} is listed twice`);
      seen.add(id);
    }
    return peers;
  });
}

function peersOf<T extends Entry>(entry: T, list: string): readonly Peer<T>[] {
  const of = (role: Role, id: string): Peer<T> => {
    const { what, noticedBy } = entry;
    const known = noticedBy === undefined ? {} : { noticedBy: told(noticedBy, role) };
    return { ...entry, ...known, id, role, what: told(what, role), area: list.replace(/^both-/, `${role}-`) };
  };
  if (entry.role !== 'both') return [of(entry.role, entry.id)];
  return (['client', 'server'] as const).map((role) => of(role, `${role}-${entry.id}`));
}

function told(what: string, role: Role): string {
  const ends: Readonly<Record<string, Role>> = { role, peer: peerOf(role) };
  return what.replace(/\$\{(role|peer)\}/g, (_written, end: string) => ends[end] ?? end);
}

/** Whether a text fits one of the globs; undefined takes all. */
export function fits(text: string, globs: readonly string[] | undefined): boolean {
  return globs === undefined || anyGlob(globs)(text);
}

/** Those whose id and area fit one of the globs; undefined takes all. */
export function selected<T extends PatchedPeer>(
  peers: readonly T[],
  ids: readonly string[] | undefined,
  areas: readonly string[] | undefined,
): readonly T[] {
  return peers.filter(({ id, area }) => fits(id, ids) && fits(area, areas));
}

/** A source with all patches of that file in it. Throws an Error where a `find` does not occur exactly once, or nothing would change. */
export function patched(source: string, file: string, { id, patches }: Pick<PatchedPeer, 'id' | 'patches'>): string {
  return patches.filter((patch) => patch.file === file).reduce((text, patch) => withPatch(text, patch, id), source);
}

function withPatch(source: string, { file, find, replace }: Patch, id: string): string {
  const at = source.indexOf(find);
  if (at < 0) throw new Error(`${id}: ${file} does not hold ${JSON.stringify(find)}`);
  if (source.indexOf(find, at + 1) >= 0) throw new Error(`${id}: ${file} holds ${JSON.stringify(find)} more than once`);
  if (find === replace) throw new Error(`${id}: the patch of ${file} changes nothing`);
  return source.slice(0, at) + replace + source.slice(at + find.length);
}
