import { expect, it } from 'vitest';
import { MASK, redact } from './redact.ts';

it('masks handshake metadata and keeps its shape', () => {
  const request = (metadata: unknown) => ({ id: 'm', payload: { type: 'HANDSHAKE_REQ', protocolVersion: 'v2.0', metadata } });
  expect(redact(request({ who: 'ann', list: ['a', 1], n: 5, no: null }))).toEqual(request({ who: MASK, list: [MASK, 1], n: 5, no: null }));
  expect(redact({ type: 'REHANDSHAKE_RESP', metadata: 'text' })).toEqual({ type: 'REHANDSHAKE_RESP', metadata: MASK });
});

it('masks what stands under a telling key, at any depth', () => {
  expect(redact([{ Authorization: 'Bearer x', accessToken: { deep: ['y'] }, 'api-key': new Uint8Array([1]), user: 'ann' }])).toEqual([
    { Authorization: MASK, accessToken: { deep: [MASK] }, 'api-key': MASK, user: 'ann' },
  ]);
});

it('leaves everything else as it is, without touching the original', () => {
  const value = { metadata: 'plain', n: 1n, bytes: new Uint8Array([1]), list: [undefined], password: 'p' };
  expect(redact(value)).toEqual({ ...value, password: MASK });
  expect(value.password).toBe('p');
  const hostile: unknown = JSON.parse('{"__proto__":{"secret":"x"}}');
  expect(JSON.stringify(redact(hostile))).toBe(`{"__proto__":{"secret":"${MASK}"}}`);
});

it('cuts off what is nested too deep for any stack', () => {
  const deep = redact(JSON.parse(`${'[{"a":'.repeat(20_000)}1${'}]'.repeat(20_000)}`));
  expect(JSON.stringify(deep).length).toBeLessThan(2000);
  expect(JSON.stringify(deep)).toContain('too deep');
});
