import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { controlSchema, knownFailuresSchema, manifestSchema } from './schemas.ts';

const validates = (schema: object, value: unknown): boolean => new Ajv2020({ strict: false }).compile(schema)(value);

test('the control schema takes each kind of message and refuses others', () => {
  const schema = controlSchema();
  expect(validates(schema, { jsonrpc: '2.0', method: 'end', params: { call: 'x' } })).toBe(true);
  expect(validates(schema, { jsonrpc: '2.0', id: 1, method: 'cancel', params: { call: 'x' } })).toBe(true);
  expect(validates(schema, { jsonrpc: '2.0', id: 1, result: {} })).toBe(true);
  expect(validates(schema, { jsonrpc: '2.0', method: 'end', params: {} })).toBe(false);
  expect(validates(schema, { jsonrpc: '2.0', method: 'nonsense', params: {} })).toBe(false);
});

test('the manifest schema refuses unknown keys and missing ones', () => {
  const manifest = { name: 'a', title: 'A', language: 'C', protocol: 'river', roles: ['client'], command: ['a'] };
  expect(validates(manifestSchema(), manifest)).toBe(true);
  expect(validates(manifestSchema(), { ...manifest, comand: [] })).toBe(false);
  expect(validates(manifestSchema(), { ...manifest, command: [] })).toBe(false);
});

test('the schema of known failures wants a reason', () => {
  expect(validates(knownFailuresSchema(), [{ case: 'a', reason: 'b' }])).toBe(true);
  expect(validates(knownFailuresSchema(), [{ case: 'a' }])).toBe(false);
});
