import { expect, it } from 'vitest';
import { ApplicationError } from './handler.ts';

it('has no data where none is given, so that none is written (notes, section 5)', () => {
  expect('data' in new ApplicationError({ code: 409, message: 'no' })).toBe(false);
  expect(new ApplicationError({ code: 409, message: 'no', data: null }).data).toBeNull();
});
