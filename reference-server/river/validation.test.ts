import { expect, test } from 'vitest';
import { riverServer } from './server.ts';
import { readServices } from './services.ts';
import { schemaCompiler } from './validation.ts';

const number = { type: 'object', required: ['n'], properties: { n: { type: 'number' } } };

test.each([
  ['a number', number, { n: 1, extra: true }, undefined],
  ['not finite', number, { n: Number.NaN }, '/n'],
  ['a big integer', number, { n: 1n }, '/n'],
  ['missing', number, {}, '/n'],
  ['a list', number, [], ''],
  ['inherited', { type: 'object', required: ['constructor'] }, {}, '/constructor'],
  ['bytes', { 'x-bytes': true }, Uint8Array.of(1), undefined],
  ['text for bytes', { 'x-bytes': true }, 'AQ==', ''],
  ['anything', true, null, undefined],
])('%s', (_name, schema, value, path) => {
  expect(schemaCompiler()(schema)(value)?.firstValidationErrors[0]?.path).toBe(path);
});

test('five errors at most are told, all are counted', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const failure = schemaCompiler()({ type: 'object', required: names })({});
  expect([failure?.totalErrors, failure?.firstValidationErrors.map(({ path }) => path)]).toEqual([6, ['/a', '/b', '/c', '/d', '/e']]);
});

test('services of another shape, or without a handler, are refused', () => {
  expect(() => readServices({ procedures: { 'a.b': { kind: 'odd', init: true } }, handshakes: {} })).toThrow('kind');
  expect(() => riverServer({ procedures: { 'a.b': { kind: 'rpc', init: true } }, handshakes: {} })).toThrow('no handler for a.b');
});
