import * as z from 'zod';
import { webSocket } from '../../../protocols/carriers/websocket/carrier.ts';
import type { Requirement } from '../../../protocols/common/requirement.ts';
import type { Catalogue } from '../case.ts';
import type { CaseLanguage } from '../language.ts';

/** A protocol of a few words, so that tests of the loader know no real one. */
export const toyLanguage: CaseLanguage = {
  name: 'toy',
  title: 'Toys',
  kinds: { rpc: { says: 'asks once', opening: {} }, stream: { says: 'plays', opening: {} } },
  callKeys: { wire: ['stream'], script: ['stream'], opens: ['stream'] },
  bindings: ['plain', 'packed'].map((name) => ({ name, carrier: webSocket })),
  timers: { patienceMs: 1000 },
  wirePattern: z.strictObject({
    from: z.enum(['client', 'server']).optional(),
    kind: z.string().optional(),
    stream: z.string().optional(),
    payload: z.unknown().optional(),
  }),
  peerScript: {
    client: z.strictObject({ on: z.string().optional(), shout: z.string().optional() }),
    server: z.strictObject({ whisper: z.strictObject({ stream: z.string() }).optional(), mute: z.literal(true).optional() }),
  },
};

function requirement(id: string, role: Requirement['role']): Requirement {
  return {
    id,
    level: 'MUST',
    role,
    source: 'Toys',
    text: 'Do.',
    observe: 'Look.',
    faults: [],
    disputed: undefined,
    unobservable: undefined,
  };
}

/** What cases of the toy protocol may refer to. */
export const toyCatalogue: Catalogue = {
  requirements: new Map([
    ...['client', 'server', 'both'].map((role, i) => [`TOY-0${i + 1}`, requirement(`TOY-0${i + 1}`, role)] as const),
    ['TOY-UNSEEN', { ...requirement('TOY-UNSEEN', 'both'), unobservable: 'It is done in the dark.' }],
  ]),
  procedureKinds: { 'toys.add': 'rpc', 'toys.play': 'stream' },
  features: new Map([['wheels', { name: 'wheels', role: 'client', text: 'Rolls.' }]]),
};

/** The text of a case: the head that is not given, and the steps in YAML. */
export function toyCase(steps: string, head: Readonly<Record<string, string>> = {}): string {
  const lines = { title: 'A toy does what toys do', requirements: '[TOY-03]', 'under-test': '[client, server]', ...head };
  return `${Object.entries(lines)
    .map(([key, value]) => `${key}: ${value}`)
    .join('\n')}\nsteps:\n${steps}`;
}
