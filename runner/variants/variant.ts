/**
 * Variants are patched reference peers (runner/mutants/patch.ts) that take a liberty which the protocol allows. The whole
 * corpus must pass them: what it says about a variant is a false alarm. They live in `variants/<protocol>/<role>-<area>.yaml`:
 *
 *     - id: client-metadata-null
 *       role: client
 *       what: Without metadata the handshake says so with null.
 *       allowed-by: [RIVER-HS-03, "notes, section 21: metadata when there is none"]
 *       patches:
 *         - file: reference-client/river/handshake.ts
 *           find: "metadata: metadata.value } : {})"
 *           replace: "metadata: metadata.value } : { metadata: null })"
 */
import * as z from 'zod';
import { loadPatchedPeers, type PatchedPeer, patchShape, peerShape } from '../mutants/patch.ts';

/** Grammar of one variant, as a file of `variants/<protocol>/` lists it. */
const variantSchema = z.strictObject({
  ...peerShape,
  'allowed-by': z
    .union([z.string(), z.array(z.string()).min(1)])
    .transform((sources): readonly string[] => (typeof sources === 'string' ? [sources] : sources))
    .describe('Where the protocol allows it: requirements, or in words.'),
  'shown-by': z
    .array(z.string())
    .min(1)
    .optional()
    .describe('Ids of the cases that show it, where few do: they are among those that it is run with, however few these are.'),
  disputes: z
    .string()
    .optional()
    .describe('The disputed requirement of which it takes the side that Weir does not look for: then a question is the right verdict.'),
  patches: z.array(z.strictObject(patchShape)).min(1),
});

/** The reference peer with a liberty that the protocol allows. */
export type Variant = Omit<z.infer<typeof variantSchema>, 'role'> & PatchedPeer;

/** Reads every list of a folder. Throws what `loadPatchedPeers` throws. */
export function loadVariants(folder: string): readonly Variant[] {
  return loadPatchedPeers(folder, variantSchema);
}
