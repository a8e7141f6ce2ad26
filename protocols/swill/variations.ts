import type { Lane, NormalItem, VariationRule } from '../common/normalise.ts';
import { isPlainObject } from '../common/value.ts';
import { AFTER_CLOSE } from './normalise.ts';

/** How conforming peers may differ. Seqs, elements with their defaults, and most of the heads are no part of lanes. */
export const swillVariations: readonly VariationRule[] = [
  {
    name: 'opened-without-a-value',
    allowedBy: 'SWILL-STREAM-07',
    describe: 'A streaming request opens with METADATA although there is none, or with its first MESSAGE.',
    canonical: (lane) => ({ ...lane, items: lane.items.filter((item) => !isEmptyOpening(item)) }),
  },
  {
    name: 'end-after-close',
    allowedBy: 'SWILL-CLOSE-03',
    describe: 'A request that was closed ends with END_OF_STREAM or in silence; what was under way comes or does not (SWILL-CLOSE-02).',
    canonical: (lane) => ({ ...lane, items: lane.items.filter(({ circumstance }) => circumstance !== AFTER_CLOSE) }),
  },
  {
    name: 'leading-apart',
    allowedBy: 'SWILL-META-07',
    describe: 'Leading metadata goes alone, or with the first frame behind it.',
    canonical: (lane) => (lane.from === 'server' ? { ...lane, items: lane.items.flatMap(leadingApart) } : lane),
  },
  {
    name: 'error-of-the-library',
    allowedBy: 'SWILL-VALID-02',
    describe:
      'The text of an error that no application gave is for people. Which of the predefined codes it has, few rules say; the cases of those ask for it.',
    canonical: (lane) => eachError(lane, (error) => (isPredefined(error) ? { ...without(error, 'message'), code: 'predefined' } : error)),
  },
  {
    name: 'text-of-a-finding',
    allowedBy: 'SWILL-VALID-03',
    describe: 'In which words a field is told that it breaks a constraint; that it does is not free.',
    canonical: (lane) =>
      eachError(lane, (error) =>
        error['code'] === 422 && isPlainObject(error['data']) ? { ...error, data: Object.keys(error['data']).sort() } : error,
      ),
  },
];

function isEmptyOpening({ kind, value }: NormalItem): boolean {
  if (kind !== 'METADATA' || !isPlainObject(value) || !('rpc' in value)) return false;
  const { metadata } = value;
  return metadata === undefined || (isPlainObject(metadata) && Object.keys(metadata).length === 0);
}

function leadingApart(item: NormalItem): readonly NormalItem[] {
  const { kind, value } = item;
  if (kind === 'METADATA' || !isPlainObject(value) || !('leading' in value)) return [item];
  return [
    { ...item, kind: 'METADATA', value: { leading: value['leading'] } },
    { ...item, value: without(value, 'leading') },
  ];
}

/** Errors of the library's own (notes, section 5). */
function isPredefined({ code, data }: Readonly<Record<string, unknown>>): boolean {
  return code === 400 || code === 404 || code === 500 || code === 501 || (code === 422 && data === undefined);
}

function eachError(lane: Lane, rewrite: (error: Readonly<Record<string, unknown>>) => unknown): Lane {
  return {
    ...lane,
    items: lane.items.map((item) =>
      item.kind === 'ERROR' && isPlainObject(item.value) && isPlainObject(item.value['data'])
        ? { ...item, value: { ...item.value, data: rewrite(item.value['data']) } }
        : item,
    ),
  };
}

function without(value: Readonly<Record<string, unknown>>, key: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
}
