import { expect, test } from 'vitest';
import type { Lane } from '../common/normalise.ts';
import { connectVariations } from './variations.ts';

const canonical = (lane: Lane): Lane => connectVariations.reduce((so, rule) => rule.canonical(so, { kindOf: () => undefined }), lane);
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
