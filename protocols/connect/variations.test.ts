import { expect, test } from 'vitest';
import type { Lane } from '../common/normalise.ts';
import { connectVariations } from './variations.ts';

const canonical = (lane: Lane, kind?: string): Lane =>
  connectVariations.reduce((so, rule) => rule.canonical(so, { kindOf: () => kind }), lane);
const head = { path: '/weir.v1.Test/Fetch', metadata: {}, timeout: false };
const request = (method: string, more: Record<string, unknown> = {}, items: Lane['items'] = []): Lane => ({
  name: 'main/call',
  from: 'client',
  items: [{ kind: 'request', value: { method, ...head, ...more }, events: [1] }, ...items],
});

test.each([{ text: 'a' }, {}])('a request by GET is as good as one by POST with the same message: %j', (value) => {
  const post = request('POST', {}, [{ kind: 'body', value: { value }, events: [1] }]);
  expect(canonical(request('GET', { value }))).toEqual(canonical(post));
});

test('one with another message, path or deadline is not', () => {
  const get = canonical(request('GET', { value: { text: 'a' } }));
  expect(canonical(request('POST', {}, [{ kind: 'body', value: { value: { text: 'b' } }, events: [1] }]))).not.toEqual(get);
  expect(canonical(request('GET', { value: { text: 'a' }, path: '/weir.v1.Test/Echo' }))).not.toEqual(get);
  expect(canonical(request('GET', { value: { text: 'a' }, timeout: true }))).not.toEqual(get);
});

const answer = (status: number, ...items: Lane['items']): Lane => ({
  name: 'main/call',
  from: 'server',
  items: [{ kind: 'response', value: { status, metadata: {}, trailing: {} }, events: [1] }, ...items],
});
const nothing: Lane = { name: 'main/call', from: 'server', items: [] };

test.each(['server-stream', 'client-stream', 'bidi-stream'])('the head of a %s behind which nothing comes may be missing', (kind) => {
  expect(canonical(answer(200), kind)).toEqual(canonical(nothing, kind));
});

test.each([
  ['of an answer that is one message', answer(200), 'unary'],
  ['of nobody knows which call', answer(200), undefined],
  ['of a refusal', answer(415), 'server-stream'],
  ['before a message', answer(200, { kind: 'message', value: { value: { n: 1 } }, events: [2] }), 'server-stream'],
  ['of what was cut', answer(200, { kind: 'torn', value: {}, events: [2] }), 'server-stream'],
])('the head %s may not', (_, lane, kind) => {
  const { items } = canonical(lane, kind);
  expect(items.map((item) => item.kind)).toContain('response');
});
