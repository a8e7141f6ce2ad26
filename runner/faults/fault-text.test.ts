import { expect, test } from 'vitest';
import * as z from 'zod';
import { readFault } from '../tap/faults.ts';
import type { Fault } from './fault.ts';
import { faultText } from './fault-text.ts';

const FAULTS: readonly Fault[] = [
  'cut',
  { cut: {} },
  { cut: { at: 'inside', frame: { from: 'server', kind: 'open' }, nth: 2 } },
  { drop: { frame: { from: 'server', payload: { 'a b': 'true', n: -1.5, list: [null, 'x'] } }, times: 'all' } },
  { replace: { frame: {}, set: { id: { $bigint: '12345678901234567890' }, text: 'Zeile\n"{}', '': [] } } },
  { inject: { toward: 'client', hex: '00ff' } },
];

test('a fault is told as cases write it, so that the text is the fault again', () => {
  expect(FAULTS.slice(0, 3).map(faultText)).toEqual(['cut', 'cut: {}', 'cut: { at: inside, frame: { from: server, kind: open }, nth: 2 }']);
  for (const fault of FAULTS) expect(readFault(faultText(fault), z.unknown()).fault).toEqual(fault);
});

test('what nobody gave is not told, and one that is long is cut', () => {
  expect(faultText({ cut: { how: undefined, at: undefined } })).toBe('cut: {}');
  const long = faultText({ inject: { toward: 'client', text: 'x'.repeat(100_000) } });
  expect([long.length, long.at(-1)]).toEqual([160, '…']);
});
