import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { WebSocket } from 'ws';
import { packageRoot } from '../package-root.ts';

const main = join(packageRoot(), 'dist', 'runner', 'cli', 'main.js');
const MIB = 1024 * 1024;

/** Frames that would kill the server, or keep it busy for half a minute, were they decoded. */
const ATTACKS: readonly { readonly binding: string; readonly what: string; readonly data: () => Buffer }[] = [
  { binding: 'msgpack', what: '90 MiB of lists in lists', data: () => Buffer.alloc(90 * MIB, 0x91) },
  {
    binding: 'msgpack',
    what: '20 MiB of empty lists',
    data: () => Buffer.concat([Buffer.from([0xdd, 1, 0x40, 0, 0]), Buffer.alloc(20 * MIB, 0x90)]),
  },
  { binding: 'json', what: '90 MiB of lists in lists', data: () => Buffer.alloc(90 * MIB, '[') },
  {
    binding: 'json',
    what: '40 MiB of zeros',
    data: () => Buffer.concat([Buffer.from('['), Buffer.alloc(40 * MIB, '0,'), Buffer.from('0]')]),
  },
  {
    binding: 'json',
    what: 'a big integer of three million digits',
    data: () => Buffer.from(JSON.stringify({ a: { $b: '9'.repeat(3_000_000) } })),
  },
];

describe.skipIf(!existsSync(main)).each(['json', 'msgpack'])('weir serve with binding %s', (binding) => {
  let serving: ChildProcess;
  let url: string;
  beforeAll(async () => {
    serving = spawn(process.execPath, [main, 'serve', 'river', '--binding', binding], { stdio: ['ignore', 'pipe', 'inherit'] });
    if (serving.stdout === null) throw new Error('it has no stdout');
    const [said] = await once(serving.stdout, 'data');
    url = /ws:\S+\d/.exec(String(said))?.[0] ?? '';
  });
  afterAll(async () => {
    serving.kill();
    await once(serving, 'exit');
  });

  test.each(ATTACKS.filter((attack) => attack.binding === binding))(
    'ends the connection that sends $what, and goes on',
    async ({ data }) => {
      const socket = new WebSocket(url, { perMessageDeflate: false });
      await once(socket, 'open');
      socket.on('error', () => {});
      socket.send(data());
      await once(socket, 'close');
      const another = new WebSocket(url);
      await once(another, 'open');
      another.terminate();
    },
  );
});
