import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { httpCarrier } from '../../protocols/carriers/http/carrier.ts';
import { resp } from '../../protocols/carriers/resp/carrier.ts';
import { tcp } from '../../protocols/carriers/tcp/carrier.ts';
import { webSocket } from '../../protocols/carriers/websocket/carrier.ts';
import { faultWords } from '../../protocols/common/carrier.ts';
import { packageRoot } from '../package-root.ts';
import type { Fault } from './fault.ts';
import { unfit, wordsOf } from './fitness.ts';

test.each<[Fault, string[]]>([
  ['cut', ['cut']],
  ['release', []],
  [{ cut: { at: 'inside', frame: {} } }, ['cut', 'cut.inside']],
  [{ split: { frame: {}, at: 3 } }, ['split', 'split.at']],
  [{ split: { frame: {}, into: 3 } }, ['split']],
  [{ inject: { toward: 'client', text: '' } }, ['inject', 'inject.text']],
  [{ refuse: { how: 'http' } }, ['refuse', 'refuse.http']],
])('%j asks for %j', (fault, words) => {
  expect(wordsOf(fault).map(({ word }) => word)).toEqual(words);
});

test('a carrier can do what it names, and nothing else', () => {
  expect(unfit({ close: { code: 1000 } }, webSocket)).toBeUndefined();
  expect(unfit({ close: { code: 1000 } }, tcp)).toEqual({ word: 'close', path: ['close'] });
  expect(unfit({ refuse: { how: 'http' } }, tcp)).toEqual({ word: 'refuse.http', path: ['refuse', 'how'] });
});

test('docs/cases.md says what each carrier can do', () => {
  const docs = readFileSync(join(packageRoot(), 'docs/cases.md'), 'utf8');
  const carriers = [webSocket, tcp, httpCarrier(), resp];
  for (const word of faultWords)
    expect(docs).toContain(`| \`${word}\` | ${carriers.map(({ faults }) => faults[word] ?? '–').join(' | ')} |`);
});
