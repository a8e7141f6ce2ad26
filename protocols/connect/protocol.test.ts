import { expect, test } from 'vitest';
import { connect } from './protocol.ts';

test.each(['h2', 'h2c', 'http2', 'http/2', 'HTTP-2', 'proto-h2', 'json-http2', 'proto-gzip-h2', 'http3'])('%s is not there yet', (name) => {
  expect(connect.notThereYet?.named.test(name)).toBe(true);
});

test.each(connect.bindings.map(({ name }) => name))('%s is there', (name) => {
  expect(connect.notThereYet?.named.test(name)).toBe(false);
});
