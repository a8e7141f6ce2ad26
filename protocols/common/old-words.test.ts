import { expect, test } from 'vitest';
import * as z from 'zod';
import { inAnyWords } from './old-words.ts';

const shape = inAnyWords(z.object({ binding: z.string(), bindings: z.array(z.string()).optional() }));

test.each([
  [{ codec: 'json' }, { binding: 'json' }],
  [{ binding: 'json' }, { binding: 'json' }],
  [
    { codecs: ['a'], codec: 'a' },
    { binding: 'a', bindings: ['a'] },
  ],
  [{ codec: 'old', binding: 'today' }, { binding: 'today' }],
  [{ binding: 'today', codec: 'old' }, { binding: 'today' }],
])('what is written in the words of before is read: %j', (written, read) => {
  expect(shape.parse(written)).toEqual(read);
});

test.each([[{}], [null], ['codec'], [[{ codec: 'json' }]]])('what has neither word is refused as ever: %j', (written) => {
  expect(shape.safeParse(written).success).toBe(false);
});
