import { expect, test } from 'vitest';
import { firstError, tellingPart } from './build-output.ts';

const JAVAC = `Main.java:1: error: package io.rsocket does not exist
import io.rsocket.RSocket;
                 ^
28 errors
`;
const CARGO = `warning: unused variable
 --> src/main.rs:3:9
error[E0599]: no method named \`bytes\` found
  --> src/main.rs:70:9
error: could not compile \`mine\` (bin "mine") due to 1 previous error; 1 warning emitted
`;
const GO = '# mine\n./adapter.go:15:2: undefined: client\n';
const MISSING = `adapter.go:13:2: no required module provides package example.org/a; to add it:
	go get example.org/a
`;

test.each([
  [JAVAC, 'Main.java:1: error: package io.rsocket does not exist'],
  [CARGO, 'error[E0599]: no method named `bytes` found'],
  [GO, './adapter.go:15:2: undefined: client'],
  [MISSING, 'adapter.go:13:2: no required module provides package example.org/a; to add it:'],
  ['npm error code E404\nnpm error 404\n', 'npm error code E404'],
  ['no more room\n', undefined],
  ['3 errors\n', undefined],
])('the first line of %j that says what is wrong', (output, first) => {
  expect(firstError(output)).toBe(first);
});

test('what is shown begins with the first error and ends with the end', () => {
  expect(tellingPart(CARGO).split('\n')[0]).toContain('E0599');
  const long = `noise\nMain.java:1: error: first\n${'more\n'.repeat(40)}28 errors\n`;
  expect(tellingPart(long).split('\n')).toEqual(['Main.java:1: error: first', ...Array(15).fill('more'), '…', 'more', '28 errors']);
  expect(tellingPart('a\nb\n')).toBe('a\nb\n');
  expect(tellingPart('a\n'.repeat(40)).split('\n')).toHaveLength(16);
});
