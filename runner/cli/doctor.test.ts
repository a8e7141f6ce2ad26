import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { commandLine } from './testing/command-line.ts';

const { folder, weir } = commandLine('doctor');
const sick = fileURLToPath(new URL('./testing/sick.mjs', import.meta.url));

/** An adapter with an illness. */
function patient(illness: string, more: object = {}): string {
  const own = join(folder, illness);
  mkdirSync(own, { recursive: true });
  const manifest = {
    name: 'patient',
    title: illness,
    language: 'JavaScript',
    protocol: 'river',
    roles: ['client', 'server'],
    command: [process.execPath, sick, illness],
    'call-ms': 5000,
    ...more,
  };
  writeFileSync(join(own, 'implementation.yaml'), JSON.stringify(manifest));
  return own;
}

/** What does not hold, in the doctor's words. */
const broken = (stdout: string): string[] => stdout.split('\n').flatMap((line) => (line.startsWith('  ✗ ') ? [line.slice(4)] : []));

/** What an illness is known by: the checks that do not hold, and what is said of the first; one more is a line. */
const ILLNESSES: readonly (readonly [illness: string, checks: readonly RegExp[], said: RegExp])[] = [
  ['shapeless', [/^it starts/], /roles/],
  ['deaf-to-ping', [/^`ping`/, /in several chunks/, /in one chunk/, /megabyte/], /no answer within 5000 ms/],
  ['by-chunks', [/in several chunks/, /in one chunk/, /^a line of a megabyte/, /.*/], /Read stdin line by line/],
  ['short-of-breath', [/^a line of a megabyte/], /the process ended \(exit code 7\)/],
  ['mute-of-unknown', [/^a method that is not known/], /no answer within 5000 ms/],
  ['dies-of-late-calls', [/^a call that is not there/], /to send: the process ended \(exit code 8\)/],
  ['waits-for-the-connection', [/^`connect` is answered/], /as soon as the client exists/],
  ['only-child', [/^two clients/], /to connect: the error -32000 there is one already/],
  ['talkative', [/^stdout holds messages/], /not JSON.*: connecting/],
  ['stays-after-shutdown', [/^it ends by itself after `shutdown`/], /still ran 1000 ms later/],
  ['stays-after-stdin', [/^it ends by itself when its stdin ends/], /still ran 1000 ms later/],
  ['same-address', [/^`serve` answers/], /both times/],
  ['address-of-nobody', [/^`serve` answers/, /^`stop`/], /where nothing takes a connection/],
  ['never-stops', [/^`stop` closes/], /still takes connections/],
];

describe('weir doctor --quick', () => {
  test.concurrent.for(ILLNESSES)('knows %s', async ([illness, checks, said]) => {
    const { stdout, exitCode } = await weir('doctor', patient(illness), '--quick');
    const found = broken(stdout);
    expect(found.length, stdout).toBeLessThanOrEqual(checks.length);
    for (const [i, title] of found.entries()) expect(title).toMatch(checks[i] ?? /nothing more/);
    expect(found.length, stdout).toBeGreaterThan(0);
    expect(stdout).toMatch(said);
    expect(exitCode).toBe(1);
  });

  test.concurrent('what does not start is told with its last words', async () => {
    const { stdout, exitCode } = await weir('doctor', patient('gone', { command: [process.execPath, 'nowhere.mjs'] }), '--quick');
    expect(stdout).toMatch(/✗ it starts[\s\S]*the process ended \(exit code 1\)/);
    expect(exitCode).toBe(1);
  });

  test.concurrent('what came on stdout and is no message is shown where it came', async () => {
    const { stdout } = await weir('doctor', patient('talkative'), '--quick');
    expect(stdout).toMatch(/stdout holds messages[\s\S]*\n +< connecting\n/);
  });

  test.concurrent('what lacks what it runs on is no sick adapter', async () => {
    const prerequisites = [{ check: ['weir-has-no-such-program'], install: 'install it' }];
    const lacking = patient('lacking', { command: ['weir-has-no-such-program'], prerequisites });
    const { stderr, exitCode } = await weir('doctor', lacking, '--quick');
    expect(stderr).toContain('install it');
    expect(exitCode).toBe(2);
  });

  test.concurrent('what is no implementation is refused', async () => {
    const { stderr, exitCode } = await weir('doctor', 'nowhere');
    expect(stderr).toContain('no implementation "nowhere"');
    expect(exitCode).toBe(2);
  });
});

describe('weir doctor', { timeout: 300_000 }, () => {
  test('finds nothing in a good adapter, and hears each kind of call and each timer', async () => {
    const { stdout, exitCode } = await weir('doctor', 'reference-node');
    expect(broken(stdout)).toEqual([]);
    for (const kind of ['rpc', 'stream', 'upload', 'subscription']) expect(stdout).toMatch(new RegExp(`✓ a call of kind ${kind} \\(`));
    expect(stdout).toMatch(/✓ a call that is cancelled/);
    // On a machine that is too slow to tell it says so.
    expect(stdout).toMatch(/(✓|–) cases side by side/);
    expect(stdout).toMatch(/(✓|–) the timer handshakeTimeoutMs/);
    expect(exitCode).toBe(0);
  });

  test('tells of notifications of the wrong shape, and how to see it again', async () => {
    const { stdout, exitCode } = await weir('doctor', patient('misshapen', { roles: ['client'] }));
    expect(stdout).toMatch(
      /✗ a call of kind rpc[\s\S]*notification message[\s\S]*mend +Run `npx weir run 'river\/[\s\S]*– cases side by side/,
    );
    expect(exitCode).toBe(1);
  });

  test('tells of cases that disturb each other', async () => {
    const { stdout } = await weir('doctor', patient('hard-of-crowds', { roles: ['client'] }));
    expect(stdout).toMatch(/✓ a call of kind rpc/);
    expect(stdout).toMatch(/✗ cases side by side[\s\S]*failed beside others/);
  });
});
