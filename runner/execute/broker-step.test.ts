import { expect, test } from 'vitest';
import { broker } from './broker-step.ts';
import type { Playing } from './playing.ts';

/** Asks a broker whose answers come after so many ms each, until it says `yes` or 100 ms are over. Gives what came of it and how often it was asked. */
async function asked(answers: readonly (readonly [answer: string, tookMs: number])[]) {
  let now = 0;
  let times = 0;
  const environment = {
    now: () => now,
    after(ms: number, then: () => void) {
      now += ms;
      queueMicrotask(then);
      return () => {};
    },
  };
  const between = {
    space: '',
    async ask() {
      const [answer, took] = answers[Math.min(times, answers.length - 1)] ?? ['', 0];
      times += 1;
      now += took;
      return answer;
    },
  };
  const playing: Partial<Playing> = { timeScale: 1, patienceMs: 0, stage: { environment, broker: between } as unknown as Playing['stage'] };
  const outcome = await broker(playing as Playing, { kind: 'broker', ask: ['ready'], is: 'yes', within: 100 });
  return { outcome, times };
}

test('a broker is asked again until its answer is as wanted', async () => {
  expect(
    await asked([
      ['no', 0],
      ['no', 0],
      ['yes', 0],
    ]),
  ).toMatchObject({ outcome: { ok: true }, times: 3 });
});

test('the bound is over where it answers otherwise all the time', async () => {
  expect(await asked([['no', 0]])).toMatchObject({ outcome: { ok: false, field: 'broker' }, times: 6 });
});

test('the time that it takes for its answers is none in which the others could have done something', async () => {
  expect(
    await asked([
      ['no', 300],
      ['no', 150],
      ['yes', 0],
    ]),
  ).toMatchObject({ outcome: { ok: true }, times: 3 });
  expect(await asked([['no', 300]])).toMatchObject({ outcome: { ok: false }, times: 6 });
});
