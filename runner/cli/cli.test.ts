import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { results } from '../results/result.ts';
import { askedCommandLine, main } from './testing/command-line.ts';

const { folder, weir } = askedCommandLine('cli');

describe('bad input is refused with a clear error and exit code 2', () => {
  test.each([
    ['a case that does not exist', ['run', 'river/rpc/ad'], 'no case matches `river/rpc/ad`; did you mean `river/rpc/add`'],
    ['an unknown option', ['run', '--worlds', 'real'], "unknown option '--worlds'"],
    ['an unknown command', ['rum'], "unknown command 'rum'"],
    ['a bad choice', ['run', '--world', 'dream'], 'Allowed choices are real, simulated'],
    ['a bad number', ['run', '--seed', 'x'], 'expected a whole number'],
    ['a bad time scale', ['run', '--time-scale', '0'], 'expected a number above 0'],
    ['an unknown protocol', ['run', '--protocol', 'brook'], 'there is no protocol "brook"; Weir knows river'],
    ['an unknown requirement to select by', ['run', '--requirement', 'RIVER-HS-99'], 'unknown requirement `RIVER-HS-99`'],
    ['an unknown requirement to explain', ['explain', 'RIVER-HS-99'], 'unknown requirement `RIVER-HS-99`'],
    ['an unknown tag', ['list', '--tag', 'nope'], 'unknown tag `nope`'],
    ['an unknown binding', ['run', '--binding', 'xml'], 'unknown binding `xml`'],
    ['an unknown binding, as they were called', ['run', '--codec', 'xml'], 'unknown binding `xml`'],
    ['an implementation that is not there', ['run', '-i', './nowhere'], 'no implementation "./nowhere"'],
    ['an implementation in the simulated world', ['run', '-i', 'reference-node', '--world', 'simulated'], 'lives in the real world'],
    ['a Toxiproxy that does not answer', ['run', '--toxiproxy-url', 'http://127.0.0.1:1'], 'no Toxiproxy answers at http://127.0.0.1:1'],
    ['a Toxiproxy for the simulated world', ['run', '--toxiproxy-url', 'http://x', '--world', 'simulated'], 'lives in the real world'],
    ['a call without a dot', ['call', 'river', 'ws://127.0.0.1:1', 'add'], 'service.procedure'],
    ['a call of an unknown kind', ['call', 'river', 'ws://127.0.0.1:1', 'no.such'], '--kind'],
    ['an init that is no JSON', ['call', 'river', 'ws://127.0.0.1:1', 'test.add', '{'], 'init is not JSON'],
  ])('%s', async (_name, words, message) => {
    const { exitCode, stderr, stdout } = await weir(...words);
    expect(`${stderr}${stdout}`).toContain(message);
    expect(exitCode).toBe(2);
  });

  test('a manifest that is not one, with file, line and column', async () => {
    writeFileSync(join(folder, 'implementation.yaml'), 'name: x\nlanguag: Rust\n');
    const { exitCode, stderr } = await weir('run', '-i', folder);
    expect(stderr).toMatch(/implementation\.yaml:2:1/);
    expect(exitCode).toBe(2);
  });

  test('no command at all shows the help', async () => {
    const { exitCode, stdout } = await weir();
    expect(stdout).toContain('Usage: weir');
    expect(exitCode).toBe(2);
  });
});

describe('weir run', () => {
  test.each(['real', 'simulated'])('passes a case in the %s world and writes its reports', async (world) => {
    const output = join(folder, world);
    const { exitCode, stdout } = await weir('run', 'rpc/add', '--world', world, '--output', output, '--traces', 'all', '--seed', '5');
    expect(stdout).toContain('4 passed');
    expect(exitCode).toBe(0);
    const written = results.parse(JSON.parse(readFileSync(join(output, 'results.json'), 'utf8')));
    expect(written).toMatchObject({ world, seed: 5, summary: { total: 4, pass: 4 } });
    expect(written.runs.map(({ id }) => id)).toContain('river/rpc/add@client+msgpack');
    for (const run of written.runs) {
      expect(run.checkpoints.length).toBeGreaterThan(2);
      const events = readFileSync(join(output, run.trace ?? ''), 'utf8')
        .trim()
        .split('\n')
        .map((line): unknown => JSON.parse(line));
      expect(events).toContainEqual(
        expect.objectContaining({ type: 'sent', from: 'client', summary: expect.stringContaining('open test.add') }),
      );
    }
    expect(readFileSync(join(output, 'junit.xml'), 'utf8')).toContain('<testcase name="river/rpc/add@client+json"');
  });

  test('a whole run id runs that one', async () => {
    const { stdout } = await weir('run', 'river/rpc/add@server+msgpack', '--world', 'simulated', '--no-output', '--verbose');
    expect(stdout).toContain('pass  river/rpc/add@server+msgpack');
    expect(stdout).toContain('1 passed');
  });

  test('the same seed gives the same trace to the frame, another seed other ids', async () => {
    const trace = async (name: string, seed: string): Promise<string> => {
      await weir(
        'run',
        'reconnect/within-grace@client+json',
        '--world',
        'simulated',
        '--traces',
        'all',
        '--output',
        join(folder, name),
        '--seed',
        seed,
      );
      return readFileSync(join(folder, name, 'traces', 'river-reconnect-within-grace@client+json.jsonl'), 'utf8');
    };
    const first = await trace('a', '1');
    expect(await trace('b', '1')).toBe(first);
    expect(await trace('c', '2')).not.toBe(first);
  });
});

describe('what the corpus holds', () => {
  test('list, as lines and as JSON', async () => {
    expect((await weir('list', 'rpc/add')).stdout).toMatch(/^river\/rpc\/add {2}client\+server/);
    expect(JSON.parse((await weir('list', 'rpc/add', '--json')).stdout)).toMatchObject([
      { id: 'river/rpc/add', roles: ['client', 'server'] },
    ]);
  });

  test('show prints the case and the rules it tests in words', async () => {
    const { stdout } = await weir('show', 'rpc/add');
    expect(stdout).toContain('invoke: { as: sum, procedure: test.add');
    expect(stdout).toContain('RIVER-STREAM-RPC-02 MUST: The server answers an rpc with exactly one message');
  });

  test('explain names the rule, its source and what tests it', async () => {
    const { stdout } = await weir('explain', 'river-stream-rpc-02');
    expect(stdout).toContain('RIVER-STREAM-RPC-02 MUST, obliges server');
    expect(stdout).toContain('case      river/rpc/add:');
  });

  test('help of every command says what it is for', async () => {
    for (const command of ['run', 'list', 'show', 'explain', 'serve', 'call']) {
      const { exitCode, stdout } = await weir(command, '--help');
      expect(stdout).toContain(`Usage: weir ${command}`);
      expect(exitCode).toBe(0);
    }
  });
});

describe('the stand-alone peers', () => {
  test('call reaches serve under each binding', async () => {
    for (const binding of ['json', 'msgpack']) {
      const server = execa(process.execPath, [main, 'serve', 'river', '--binding', binding], { cwd: folder, reject: false });
      const url = await new Promise<string>((resolve) => {
        server.stdout.on('data', (chunk: Buffer) => {
          const found = /ws:\/\/\S+?(?=;)/.exec(String(chunk));
          if (found !== null) resolve(found[0]);
        });
      });
      const call = await weir('call', 'river', url, 'test.add', '{"n":1}', '--binding', binding);
      expect(call).toMatchObject({ exitCode: 0, stdout: '{"result":1}' });
      const unknown = await weir('call', 'river', url, 'test.none', '--kind', 'rpc', '--binding', binding);
      expect(unknown.exitCode).toBe(1);
      expect(unknown.stdout).toContain('INVALID_REQUEST');
      expect(unknown.stderr).toBe('');
      const other = binding === 'json' ? 'msgpack' : 'json';
      const wrong = await weir('call', 'river', url, 'test.add', '{"n":1}', '--binding', other);
      expect(wrong).toMatchObject({
        exitCode: 1,
        stderr: `no session came about in ${other}; where the server speaks ${binding}, --binding says so`,
      });
      server.kill('SIGINT');
      expect((await server).exitCode).toBe(0);
    }
  });

  test('a port that is taken is a usage error', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const { exitCode, stderr } = await weir('serve', 'river', '--port', String(port));
    taken.close();
    expect(stderr).toContain(`cannot listen on port ${port}`);
    expect(exitCode).toBe(2);
  });
});

test('coverage is of the whole corpus: results of a part of it are refused, and those of another protocol', async () => {
  await weir('run', 'river/rpc/add', '--world', 'simulated', '--output', 'part', '--traces', 'none');
  const part = await weir('coverage', '--results', 'part/results.json');
  expect(part).toMatchObject({ exitCode: 2, stdout: '' });
  expect(part.stderr).toMatch(/^part\/results\.json has no river\/\S+: coverage is of the whole corpus$/);
  const file = join(folder, 'part/results.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"protocol": "river"', '"protocol": "brook"'));
  const other = await weir('coverage', '--results', 'part/results.json');
  expect(other).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('brook; run the corpus again') });
});
