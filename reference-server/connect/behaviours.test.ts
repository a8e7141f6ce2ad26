import { expect, test } from 'vitest';
import { readHead } from '../../protocols/carriers/http/head.ts';
import { latin1Bytes } from '../../protocols/common/latin1.ts';
import { MOST_ITEMS } from '../../protocols/common/limits.ts';
import { testServices } from './behaviours.ts';
import type { Outlet } from './handler.ts';

/** What is sent to whoever asks for so many numbers. */
function counted(to: number): unknown[] {
  const head = readHead(latin1Bytes('POST /weir.v1.Test/Count HTTP/1.1\r\nHost: a\r\n\r\n'), 'request');
  if (!head.ok || head.value.kind !== 'request') throw new Error('the head cannot be read');
  const sent: unknown[] = [];
  const outlet: Outlet = {
    said: { head: head.value, timeoutMs: undefined },
    beside() {},
    begin() {},
    send: (value) => void sent.push(value),
    finish: (error) => void sent.push(error ?? 'end'),
    left: () => undefined,
    // As an exchange does it where no time has to pass.
    after: (_ms, happen) => happen(),
  };
  testServices.behaviours['weir.v1.Test/Count']?.(outlet).request({ to });
  return sent;
}

test('thousands of messages without a pause go out, and the end behind them', () => {
  const sent = counted(20_000);
  expect(sent).toHaveLength(20_001);
  expect(sent.slice(-2)).toEqual([{ n: 20_000 }, 'end']);
});

test('whoever asks for a thousand million gets a million', () => {
  expect(counted(1_000_000_000)).toHaveLength(MOST_ITEMS + 1);
});
