/**
 * Mutants live in `mutants/<protocol>/<role>-<area>.yaml`, a list a file; each is a small textual patch of a reference
 * peer's source, so that the source reads as if they did not exist:
 *
 *     - id: resume-says-nothing-was-received
 *       role: client
 *       what: A resume says nextExpectedSeq 0, as if nothing had been received.
 *       file: protocols/river/session.ts
 *       find: "nextExpectedSeq: session.ack"
 *       replace: "nextExpectedSeq: 0"
 *       requirement: RIVER-HS-04
 *
 * The peer of that role is built apart with the patch in it; judges and the other end stay as they are.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** Grammar of one mutant, as a file of `mutants/<protocol>/` lists it. */
const mutantSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'an id is written in kebab-case'),
  role: z.enum(['client', 'server']).describe('Which reference peer has the bug.'),
  what: z.string().min(12).describe('The mistake, as a bug report would say it.'),
  file: z.string().describe('The source that is patched.'),
  find: z.string().min(1).describe('What the patch replaces; occurs exactly once in the file.'),
  replace: z.string(),
  requirement: z
    .union([z.string(), z.array(z.string()).min(1)])
    .transform((ids): readonly string[] => (typeof ids === 'string' ? [ids] : ids))
    .describe('Requirements that the bug breaks.'),
  codecs: z.literal('all').optional().describe('Runs under every codec; for bugs that not every codec shows. Else under the first only.'),
  equivalent: z.string().min(12).optional().describe('Why no run can tell the mutant from the reference peer; it is then not run.'),
});

/** The reference peer with one deliberate bug: a patch of one source file. */
export interface Mutant extends z.infer<typeof mutantSchema> {
  /** Name of the list it stands in. */
  readonly area: string;
}

/** Reads every list of a folder, in order of file and place. Throws an Error that names the file of a list with another shape, or an id listed twice. */
export function loadMutants(folder: string): readonly Mutant[] {
  const lists = readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort();
  const mutants = lists.flatMap((file) => {
    const parsed = z.array(mutantSchema).safeParse(parse(readFileSync(join(folder, file), 'utf8')));
    if (!parsed.success) throw new Error(`${join(folder, file)}: ${z.prettifyError(parsed.error)}`);
    return parsed.data.map((mutant) => ({ ...mutant, area: file.replace(/\.yaml$/, '') }));
  });
  const seen = new Set<string>();
  for (const { id, area } of mutants) {
    if (seen.has(id)) throw new Error(`${join(folder, area)}.yaml: the mutant ${id} is listed twice`);
    seen.add(id);
  }
  return mutants;
}

/** The source with the bug in it. Throws an Error where `find` does not occur exactly once, or nothing would change. */
export function patched(source: string, { id, file, find, replace }: Pick<Mutant, 'id' | 'file' | 'find' | 'replace'>): string {
  const at = source.indexOf(find);
  if (at < 0) throw new Error(`mutant ${id}: ${file} does not hold ${JSON.stringify(find)}`);
  if (source.indexOf(find, at + 1) >= 0) throw new Error(`mutant ${id}: ${file} holds ${JSON.stringify(find)} more than once`);
  if (find === replace) throw new Error(`mutant ${id}: the patch changes nothing`);
  return source.slice(0, at) + replace + source.slice(at + find.length);
}
