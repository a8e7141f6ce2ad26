import type { Lane, VariationRule } from '../common/normalise.ts';
import { isPlainObject } from '../common/value.ts';

/** How conforming peers may differ. Ids, spacing of JSON, reads and claims are no part of lanes. */
export const clamatorVariations: readonly VariationRule[] = [
  {
    name: 'run-more-than-once',
    allowedBy: 'CLAMATOR-RECLAIM-07',
    describe: 'Delivery is at least once: a reply and an acknowledgement may come more than once where an entry was claimed.',
    canonical: (lane) => (lane.from === 'server' ? { ...lane, items: withoutRepeats(lane) } : lane),
  },
  {
    name: 'details-of-errors',
    allowedBy: 'CLAMATOR-ERR-03',
    describe: 'What data says of wrong params, of an exception and of a wrong result is the implementation’s own.',
    canonical: (lane) => ({ ...lane, items: lane.items.map((item) => ({ ...item, value: withoutDetails(item.value) })) }),
  },
  {
    name: 'silence-or-refusal',
    allowedBy: 'CLAMATOR-ERR-10',
    describe: 'What is unusable may be answered with -32600 or -32700, or not at all.',
    canonical: (lane) => ({ ...lane, items: lane.items.filter(({ value }) => !isRefusal(value)) }),
  },
];

const DETAILED: ReadonlySet<unknown> = new Set([-32602, -32603]);

function errorOf(value: unknown): Record<string, unknown> | undefined {
  const envelope = isPlainObject(value) ? value['envelope'] : undefined;
  const error = isPlainObject(envelope) ? envelope['error'] : undefined;
  return isPlainObject(error) ? error : undefined;
}

function withoutDetails(value: unknown): unknown {
  const error = errorOf(value);
  if (error === undefined || !DETAILED.has(error['code']) || !isPlainObject(value)) return value;
  const { data: _, ...rest } = error;
  return { ...value, envelope: { jsonrpc: '2.0', error: rest } };
}

function isRefusal(value: unknown): boolean {
  const code = errorOf(value)?.['code'];
  return code === -32600 || code === -32700;
}

function withoutRepeats({ items }: Lane): Lane['items'] {
  const seen = new Set<string>();
  return items.filter(({ kind }) => !seen.has(kind) && seen.add(kind));
}
