/**
 * Mutants are patched reference peers (patch.ts) with one deliberate bug, one patch each:
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
import * as z from 'zod';
import { loadPatchedPeers, type PatchedPeer, patchShape, peerShape } from './patch.ts';

/** Grammar of one mutant, as a file of `mutants/<protocol>/` lists it. */
const mutantSchema = z
  .strictObject({
    ...peerShape,
    ...patchShape,
    requirement: z
      .union([z.string(), z.array(z.string()).min(1)])
      .transform((ids): readonly string[] => (typeof ids === 'string' ? [ids] : ids))
      .describe('Requirements that the bug breaks.'),
    'noticed-by': z
      .string()
      .optional()
      .describe(
        'Id of a case that notices it, where neither its name nor its requirements lead there soon; $' +
          '{role} and $' +
          '{peer} are as above. It comes first, and only that.',
      ),
    equivalent: z.string().min(12).optional().describe('Why no run can tell the mutant from the reference peer; it is then not run.'),
  })
  .transform(({ file, find, replace, 'noticed-by': noticedBy, ...mutant }) => {
    return { ...mutant, ...(noticedBy === undefined ? {} : { noticedBy }), patches: [{ file, find, replace }] };
  });

/** The reference peer with one deliberate bug: a patch of one source file. */
export type Mutant = Omit<z.infer<typeof mutantSchema>, 'role'> & PatchedPeer;

/** Reads every list of a folder. Throws what `loadPatchedPeers` throws. */
export function loadMutants(folder: string): readonly Mutant[] {
  return loadPatchedPeers(folder, mutantSchema);
}
