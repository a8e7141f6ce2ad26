import { expect, test } from 'vitest';
import type { PlannedRun } from '../plan/plan.ts';
import { reproduce } from './reproduce.ts';

const planned = (file: string, repeat = 1) =>
  ({ case: { id: 'river/mine', file }, role: 'client', binding: 'json', repeat }) as unknown as PlannedRun;
const options = { allowRemote: false, timeScale: 0.2, strict: false };

test('the command that runs a case again is one that a shell takes', () => {
  expect(reproduce(planned("./it's mine.yaml"), { ...options, implementation: './sp ace', set: '$(x)' }, 7)).toBe(
    "npx weir run './it'\\''s mine.yaml' --role client --binding json --implementation './sp ace' --set '$(x)' --seed 7",
  );
  expect(
    reproduce(planned('./a.yaml'), { ...options, implementation: 'replit-river@0.17.5', toxiproxyUrl: 'http://127.0.0.1:8474' }, 7),
  ).toBe(
    "npx weir run './a.yaml' --role client --binding json --implementation replit-river@0.17.5 --toxiproxy-url http://127.0.0.1:8474 --seed 7",
  );
});

test('a file of another protocol than the first is run again with its name', () => {
  const stray = { case: { id: 'connect/mine', file: './a.yaml' }, role: 'client', binding: 'proto', repeat: 1 } as unknown as PlannedRun;
  expect(reproduce(stray, options, 7)).toBe("npx weir run './a.yaml' --protocol connect --role client --binding proto --seed 7");
  expect(reproduce(stray, { ...options, implementation: 'connect-node' }, 7)).not.toContain('--protocol');
});

test('the command that runs a repeat again comes to the same repeat, with the same bound', () => {
  expect(reproduce(planned('./a.yaml', 3), { ...options, timeout: 500 }, 7)).toBe(
    "npx weir run './a.yaml' --role client --binding json --timeout 500 --repeat 3 --seed 7",
  );
});
