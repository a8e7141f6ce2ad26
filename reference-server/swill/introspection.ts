import { streamsDown, streamsUp } from '../../protocols/swill/calls.ts';
import type { Procedure } from './handler.ts';
import { describe } from './types.ts';

/** The reserved name. */
export const INTROSPECT = 'swill.introspect';

/** Names that are not listed begin so (SWILL-INTRO-04). */
const RESERVED = 'swill.';

/** The procedure that lists the others (SWILL-INTRO-01, 02). */
export function introspection(procedures: ReadonlyMap<string, Procedure>): Procedure {
  return {
    kind: 'single-stream',
    request: { type: 'None' },
    response: { type: 'Any' },
    run: (outlet) => ({
      message() {
        for (const [name, { kind, request, response }] of procedures) {
          if (name.startsWith(RESERVED)) continue;
          outlet.send({
            name,
            request: { streams: streamsUp(kind), type: describe(request) },
            response: { streams: streamsDown(kind), type: describe(response) },
          });
        }
        outlet.finish();
      },
    }),
  };
}
