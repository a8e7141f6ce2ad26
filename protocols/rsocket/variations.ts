import type { Lane, NormalItem, VariationRule } from '../common/normalise.ts';
import { isPlainObject } from '../common/value.ts';
import type { Circumstance } from './circumstance.ts';
import { MAX_31 } from './frame.ts';

/** How conforming peers may differ. Frames of different streams, fragments, KEEPALIVE and positions are no part of lanes. */
export const rsocketVariations: readonly VariationRule[] = [
  {
    name: 'complete-apart',
    allowedBy: 'RSOCKET-RS-05',
    describe: 'The end of a direction travels on its last item, or in a frame of its own.',
    canonical: (lane) => ({ ...lane, items: lane.items.flatMap(completeApart) }),
  },
  {
    name: 'credit-of-who-takes-all',
    allowedBy: 'RSOCKET-RS-08',
    describe: 'A caller that takes all that comes may ask for it at once, or for a few items at a time, as they are read.',
    canonical: (lane) => ({ ...lane, items: lane.items.flatMap(withoutOwnPace) }),
  },
  {
    name: 'credit-of-responders',
    allowedBy: 'RSOCKET-CHANNEL-02',
    describe: 'So may the responder of a channel, whoever opened it.',
    canonical: (lane) => (isCredit(lane) ? dropping(lane, 'of-a-responder') : lane),
  },
  {
    name: 'credit-in-parts',
    allowedBy: 'RSOCKET-RS-03',
    describe: 'Credit adds up: one REQUEST_N, or several that make the same.',
    canonical: (lane) => (isCredit(lane) ? { ...lane, items: summed(lane.items) } : lane),
  },
  {
    name: 'credit-for-channels',
    allowedBy: 'RSOCKET-CHANNEL-02',
    describe: 'How much of a channel its responder asks for, and when, is its own business.',
    canonical: (lane, { kindOf }) =>
      isCredit(lane) && kindOf(lane.name.replace(/\/credit$/, '')) === 'request-channel' ? { ...lane, items: [] } : lane,
  },
  {
    name: 'error-text',
    allowedBy: 'RSOCKET-ERROR-02',
    describe: 'The text of an ERROR is for people.',
    canonical: (lane) => eachValue(lane, (item, value) => (item.kind === 'ERROR' ? without(value, 'text') : value)),
  },
  {
    name: 'error-code-of-a-refusal',
    allowedBy: 'RSOCKET-SETUP-10',
    describe: 'A SETUP is refused with any of the three codes that refuse one.',
    canonical: (lane) =>
      lane.name.endsWith('/connection')
        ? eachValue(lane, (item, value) =>
            item.kind === 'ERROR' && refusals.has(value['code']) ? { ...value, code: 'INVALID_SETUP' } : value,
          )
        : lane,
  },
  {
    name: 'mime-types',
    allowedBy: 'RSOCKET-SETUP-06',
    describe: 'Which MIME types a client announces is between the applications.',
    canonical: (lane) =>
      eachValue(lane, (item, value) => (item.kind === 'SETUP' ? without(without(value, 'metadataMime'), 'dataMime') : value)),
  },
  {
    name: 'cancel-of-a-channel-that-completed',
    allowedBy: 'RSOCKET-CHANNEL-04',
    describe: 'Whether a responder that completed takes further items, or says by CANCEL that it wants none.',
    canonical: (lane, { kindOf }) => {
      if (isCredit(lane)) return lane;
      if (lane.from !== 'server' || kindOf(lane.name) !== 'request-channel') return dropping(lane, 'of-a-responder');
      return { ...lane, items: lane.items.filter(({ kind }) => kind !== 'CANCEL') };
    },
  },
  {
    name: 'error-of-who-heard-nothing',
    allowedBy: 'RSOCKET-ERROR-04',
    describe: 'An end that gives a connection up since no KEEPALIVE came may say so before it closes.',
    canonical: (lane) => dropping(lane, 'in-silence'),
  },
];

const refusals: ReadonlySet<unknown> = new Set(['INVALID_SETUP', 'UNSUPPORTED_SETUP', 'REJECTED_SETUP']);

function isCredit({ name }: Lane): boolean {
  return name.endsWith('/credit');
}

function dropping(lane: Lane, dropped: Circumstance): Lane {
  return { ...lane, items: lane.items.filter(({ circumstance }) => circumstance !== dropped) };
}

function withoutOwnPace(item: NormalItem): readonly NormalItem[] {
  const all: Circumstance = 'takes-all';
  if (item.circumstance !== all || !isPlainObject(item.value)) return [item];
  return item.kind === 'REQUEST_N' ? [] : [{ ...item, value: without(item.value, 'n') }];
}

function completeApart(item: NormalItem): readonly NormalItem[] {
  const { value } = item;
  if (!isPlainObject(value) || value['complete'] !== true || (item.kind === 'PAYLOAD' && value['next'] === false)) return [item];
  const rest = item.kind === 'PAYLOAD' ? { ...value, complete: false } : without(value, 'complete');
  return [
    { ...item, value: rest },
    { kind: 'PAYLOAD', value: { next: false, complete: true, data: '' }, events: item.events },
  ];
}

/** Credit saturates (RSOCKET-RS-04). */
function summed(items: readonly NormalItem[]): readonly NormalItem[] {
  const sum = items.reduce((total, { value }) => total + (isPlainObject(value) ? Number(value['n']) : 0), 0);
  return items.length === 0
    ? []
    : [{ kind: 'REQUEST_N', value: { n: Math.min(sum, MAX_31) }, events: items.flatMap(({ events }) => events) }];
}

function eachValue(lane: Lane, rewrite: (item: NormalItem, value: Readonly<Record<string, unknown>>) => unknown): Lane {
  return { ...lane, items: lane.items.map((item) => (isPlainObject(item.value) ? { ...item, value: rewrite(item, item.value) } : item)) };
}

function without(value: Readonly<Record<string, unknown>>, key: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
}
