import { expect, test } from 'vitest';
import { registry } from '../registry.ts';
import { protocolMeant } from './load.ts';

const [first = '', second = ''] = Object.keys(registry);

test.each([
  [[`${second}/frames/**`], second],
  [[`!${second}/frames/**`, `${second}/setup/*`], second],
  [['setup/**', `${second}/setup/x@client+tcp`], second],
  [[`${second.toUpperCase()}-SETUP-01`], second],
  [[second], second],
  [[`!${second}`], second],
  [[`${first}/rpc/add`], first],
  [['rpc/add', '**/add'], first],
  [['nobody/knows/this'], first],
  [[], first],
])('%j speaks of %s', (words, protocol) => {
  expect(protocolMeant(words)).toBe(protocol);
});
