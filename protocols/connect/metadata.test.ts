import { expect, test } from 'vitest';
import { splitFields } from './metadata.ts';

test('what a server of HTTP adds of its own is no metadata', () => {
  const fields = [
    { name: 'X-Content-Type-Options', value: 'nosniff' },
    { name: 'X-Powered-By', value: 'Express' },
    { name: 'X-A', value: '1' },
  ];
  expect(splitFields(fields)).toEqual({ leading: { 'x-a': ['1'] }, trailing: {} });
});
