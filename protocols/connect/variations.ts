import type { Lane, NormalItem, VariationRule } from '../common/normalise.ts';
import { isPlainObject } from '../common/value.ts';

/** How conforming peers may differ. Fields that are the protocols' own, codecs, compression and chunking are no part of lanes. */
export const connectVariations: readonly VariationRule[] = [
  {
    name: 'error-text',
    allowedBy: 'CONNECT-ERROR-02',
    describe: 'The message of an error that no handler made is for people.',
    canonical: (lane) =>
      eachValue(lane, (value) => (isPlainObject(value['error']) ? { ...value, error: without(value['error'], 'message') } : value)),
  },
  {
    name: 'body-of-a-refusal',
    allowedBy: 'CONNECT-UNARY-05',
    describe: 'What stands in the body of an answer that is none of Connect’s (404, 405, 415) is not said.',
    canonical: (lane) =>
      lane.from === 'server'
        ? { ...lane, items: lane.items.filter(({ kind, value }) => kind !== 'body' || !(isPlainObject(value) && 'text' in value)) }
        : lane,
  },
  {
    name: 'post-of-what-is-free',
    allowedBy: 'CONNECT-GET-01',
    describe: 'A call without side effects may be made by GET, and by POST as any other; where one is wanted, the case says so.',
    canonical: (lane) => (lane.from === 'client' ? { ...lane, items: lane.items.flatMap(asPost) } : lane),
  },
  {
    name: 'nothing-as-a-body',
    allowedBy: 'CONNECT-UNARY-15',
    describe: 'The empty message is a body of no bytes, or what it is as JSON, or compressed.',
    canonical: (lane) => ({ ...lane, items: lane.items.filter(({ kind, value }) => kind !== 'body' || !isEmptyMessage(value)) }),
  },
  {
    name: 'head-of-nothing-yet',
    allowedBy: 'CONNECT-STREAM-17',
    describe: 'The head of a stream behind which nothing has come yet may go out with what comes first.',
    canonical: (lane, { kindOf }) => (isStream(kindOf(lane.name)) && isHeadOfNothing(lane) ? { ...lane, items: [] } : lane),
  },
];

function isStream(kind: string | undefined): boolean {
  return kind === 'server-stream' || kind === 'client-stream' || kind === 'bidi-stream';
}

function isHeadOfNothing({ from, items: [head, ...rest] }: Lane): boolean {
  return from === 'server' && rest.length === 0 && head?.kind === 'response' && isPlainObject(head.value) && head.value['status'] === 200;
}

/** A request by GET as the same one by POST: its message is a body, unless it is the empty one. */
function asPost(item: NormalItem): NormalItem[] {
  if (item.kind !== 'request' || !isPlainObject(item.value) || item.value['method'] !== 'GET') return [item];
  const { value, ...head } = item.value;
  const request = { ...item, value: { ...head, method: 'POST' } };
  return isEmptyMessage({ value }) ? [request] : [request, { ...item, kind: 'body', value: { value } }];
}

function isEmptyMessage(body: unknown): boolean {
  return isPlainObject(body) && isPlainObject(body['value']) && Object.keys(body['value']).length === 0;
}

function eachValue(lane: Lane, rewrite: (value: Record<string, unknown>) => unknown): Lane {
  return { ...lane, items: lane.items.map((item) => (isPlainObject(item.value) ? { ...item, value: rewrite(item.value) } : item)) };
}

function without(value: Readonly<Record<string, unknown>>, key: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
}
