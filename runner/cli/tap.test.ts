import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { askedCommandLine, main } from './testing/command-line.ts';
import { started } from './testing/started.ts';

const SECRET = 'hunter2-is-a-secret';

describe.skipIf(!existsSync(main))('weir tap', () => {
  const { folder, weir } = askedCommandLine('tap');
  let upstream: string;
  let server: ReturnType<typeof started>['child'];

  beforeAll(async () => {
    const serving = started(folder, ['serve', 'river', '--binding', 'json']);
    server = serving.child;
    upstream = (await serving.said(/on (ws:\S+);/))[1] ?? '';
  });
  afterAll(async () => {
    server.kill('SIGINT');
    await server;
  });

  /** A tap before the reference server, or another one, and the address that clients dial. */
  async function tapping(more: readonly string[], to = upstream) {
    const { child, said, seen } = started(folder, ['tap', 'river', '--upstream', to, ...more]);
    onTestFinished(() => void child.kill('SIGKILL'));
    const [, url = ''] = await said(/dial (ws:\S+) instead/);
    const end = async () => {
      child.kill('SIGINT');
      return child;
    };
    return { url, said, seen, end };
  }

  /** A client that breaks a rule: it acknowledges what it never got. Resolves when its call was answered. */
  async function liar(url: string, session: string): Promise<WebSocket> {
    const socket = new WebSocket(url);
    const send = (message: object): void => socket.send(Buffer.from(JSON.stringify(message)));
    await once(socket, 'open');
    const expectedSessionState = { nextExpectedSeq: 0, nextSentSeq: 0 };
    const payload = {
      type: 'HANDSHAKE_REQ',
      protocolVersion: 'v2.0',
      sessionId: session,
      expectedSessionState,
      metadata: { token: SECRET },
    };
    const numbers = { from: `client-${session}`, to: 'SERVER', seq: 0 };
    send({ ...numbers, id: 'a', ack: 0, streamId: 'hello', controlFlags: 0, payload });
    await once(socket, 'message');
    const call = { serviceName: 'test', procedureName: 'add', payload: { n: 1, token: SECRET } };
    send({ ...numbers, id: 'b', ack: 7, streamId: `call-${session}`, controlFlags: 10, ...call });
    await once(socket, 'message');
    return socket;
  }

  test('tells frames of programs that keep the rules, and ends with 0', async () => {
    const { url, end, said } = await tapping([]);
    expect((await weir('call', 'river', url, 'test.add', '{"n":3}', '--binding', 'json')).stdout).toBe('{"result":3}');
    await said(/#0 connection ended by the client/);
    const { exitCode, stdout } = await end();
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain('binding json, guessed from the first message');
    expect(stdout).toMatch(/#0 C→S {2}#0\/a0 open test\.add \{"n":3\}/);
    expect(stdout).toMatch(/^client: (\d+) of \1 requirements kept/m);
    expect(stdout).toMatch(/^server: (\d+) of \1 requirements kept/m);
    expect(stdout).toContain('Nothing was broken.');
  });

  test('blames who breaks a rule under its frame, in words, once for each end and rule, and ends with 1', async () => {
    const { url, end, said } = await tapping([]);
    const sockets = await Promise.all([liar(url, 'one'), liar(url, 'two')]);
    await said(/the client breaks RIVER-SEQ-02 MUST \(2 times\)/);
    for (const socket of sockets) socket.close();
    await said(/#0 connection ended[\s\S]*#1 connection ended|#1 connection ended[\s\S]*#0 connection ended/);
    const { exitCode, stdout } = await end();
    expect(exitCode, stdout).toBe(1);
    expect(stdout).toMatch(/✕ RIVER-SEQ-02 MUST 2 times: ack 7, but at most 0 messages/);
    expect(stdout).toMatch(/equals the number of distinct messages/);
    expect(stdout).toMatch(/^server: (\d+) of \1 requirements kept/m);
    expect(stdout).not.toContain(SECRET);
  });

  test('leaves a trace that check, export and diff take; its secrets are masked', async () => {
    const { url, end, said } = await tapping(['-o', 'left.jsonl', '--quiet']);
    (await liar(url, 'three')).close();
    await said(/RIVER-SEQ-02/);
    expect((await end()).exitCode).toBe(1);
    const text = readFileSync(join(folder, 'left.jsonl'), 'utf8');
    expect(text).not.toContain(SECRET);
    const checked = await weir('check', 'left.jsonl');
    expect(checked.exitCode, checked.stdout).toBe(1);
    // There is no golden trace that it could differ from.
    expect(checked.stdout).not.toMatch(/golden|≠/);
    expect(checked.stdout).toMatch(/✗ +\d+ C→S #0\/a7 open/);
    expect(checked.stdout).toMatch(/FAIL tap@client\+json[\s\S]*RIVER-SEQ-02[\s\S]*pass {2}tap@server\+json/);
    for (const form of ['--jsonl', '--svg', '--mermaid']) expect((await weir('export', 'left.jsonl', form)).exitCode).toBe(0);
    expect((await weir('diff', 'left.jsonl', 'left.jsonl')).exitCode).toBe(0);
  });

  test('--json tells frames, breaches and the summary, each a line; filters choose frames, not what is judged', async () => {
    const { url, end, said } = await tapping(['--json', '--kind', 'open', '--from', 'client']);
    (await liar(url, 'four')).close();
    await said(/"type":"breach"/);
    const { stdout } = await end();
    const lines = stdout.split('\n').map((line) => JSON.parse(line));
    expect(lines.filter(({ type }) => type === 'sent').map(({ kind, from, stream }) => [kind, from, stream])).toEqual([
      ['open', 'client', 'call-four'],
    ]);
    expect(lines.filter(({ type }) => type === 'breach')).toEqual([
      expect.objectContaining({ requirement: 'RIVER-SEQ-02', blame: 'client', level: 'MUST', gravity: 'fail', times: 1 }),
    ]);
    expect(lines.at(-1)).toMatchObject({ type: 'summary', connections: 1, broken: [{ requirement: 'RIVER-SEQ-02', times: 1 }] });
    expect(stdout).not.toContain(SECRET);
  });

  test('says at the end that nothing which was asked for came by, and what did', async () => {
    const { url, end, said } = await tapping(['--stream', 'nobodys']);
    expect((await weir('call', 'river', url, 'test.add', '{"n":3}', '--binding', 'json')).exitCode).toBe(0);
    await said(/#0 connection ended/);
    expect((await end()).stdout).toMatch(/none of the frames is one that was asked for; their kinds: .*\bopen\b/);
  });

  test('says that nobody dialled it, where nobody did', async () => {
    const { exitCode, stdout } = await (await tapping([])).end();
    expect(stdout).toContain('Nobody connected: clients have to dial the tap instead of the server.');
    expect(exitCode).toBe(0);
  });

  test('--fault strikes frames, and nobody is blamed for it', async () => {
    const fault = 'cut: { at: before, frame: { from: server, kind: data } }';
    const { url, end, said } = await tapping(['--fault', fault]);
    const { exitCode } = await weir('call', 'river', url, 'test.add', '{"n":3}', '--binding', 'json');
    expect(exitCode).toBe(0);
    await said(/#1 connection ended by the client/);
    const { stdout, exitCode: ended } = await end();
    expect(stdout).toMatch(/fault: cut/);
    expect(stdout).toMatch(/#0 connection ended by the proxy/);
    expect(ended, stdout).toBe(0);
  });

  test('where both ends dial a broker the ports behind the first are taken, which is said, as is whose is taken by somebody else', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const words = ['--upstream', 'redis://127.0.0.1:1', '--clients', '1', '--servers', '2'];
    const { exitCode, stderr } = await weir('tap', 'clamator', ...words, '--listen', String(port - 1));
    expect(stderr).toMatch(new RegExp(`^cannot listen on port ${port}, which server would dial: .*EADDRINUSE`));
    expect(stderr).toContain(`takes ports ${port - 1} to ${port + 1}, one for each client and server: give it the first of 3 free ones`);
    expect(exitCode).toBe(2);
    const beyond = await weir('tap', 'clamator', ...words, '--listen', '65534');
    expect(beyond.stderr).toContain('--listen 65534 takes ports 65534 to 65536');
    expect(beyond.exitCode).toBe(2);
    other.close();
    await once(other, 'close');
    const { child, said } = started(folder, ['tap', 'clamator', ...words.slice(0, 2), '--listen', String(port - 1)]);
    onTestFinished(() => void child.kill('SIGKILL'));
    await said(new RegExp(`dial, each at its own address \\(ports ${port - 1} to ${port}\\):`));
  });

  test('a server that breaks the rules is the one to blame, and one that is not there is told', async () => {
    const rude = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    onTestFinished(() => rude.close());
    await once(rude, 'listening');
    rude.on('connection', (socket) => socket.send(Buffer.from('{"what":"is this"}')));
    const { url, end, said } = await tapping([], `ws://127.0.0.1:${(rude.address() as AddressInfo).port}`);
    const socket = new WebSocket(url);
    await said(/the server breaks RIVER-HS-07/);
    socket.terminate();
    expect((await end()).exitCode).toBe(1);

    const nobody = await tapping([], 'ws://127.0.0.1:1');
    new WebSocket(nobody.url).on('error', () => {});
    await nobody.said(/nothing listens at ws:\/\/127\.0\.0\.1:1 \(ECONNREFUSED\)/);
    await nobody.end();
  });

  test.each([
    [['--upstream', 'http://localhost:1'], /--upstream: the server's address must be a ws:\/\/ URL/],
    [['--upstream', 'ws://example.com'], /is not on the loopback of this machine/],
    [['--upstream', 'ws://localhost:1', '--fault', 'explode'], /--fault:1:1: this cannot be `explode`[\s\S]*values: cut, restore, stall/],
    [['--upstream', 'ws://localhost:1', '--frame', '{ colour: red }'], /--frame:1:3: unknown key `colour`/],
    [['--upstream', 'ws://localhost:1', '--kind', 'opne'], /--kind: .*`opne`; did you mean `open`\?/],
    [['--upstream', 'ws://localhost:1', '--kind', 'purple'], /--kind: .*`purple`; values: .*\bheartbeat\b/],
    [['--upstream', 'ws://localhost:1', '--from', 'broker'], /--from: in River v2\.0 no broker stands between/],
    [['--upstream', 'ws://localhost:1', '--timer', 'heartbeatInterval=1'], /unknown timer `heartbeatInterval`.*heartbeatIntervalMs/],
  ])('refuses %j', async (words, why) => {
    const { exitCode, stderr } = await weir('tap', 'river', ...words);
    expect(stderr).toMatch(why);
    expect(exitCode).toBe(2);
  });

  test('says of a fault that waits for its key that there is no terminal to press it at', async () => {
    const { said, end } = await tapping(['--fault', 'cut: {}']);
    await said(/--fault 'cut: \{\}' never strikes: it waits for its key, and no terminal is here/);
    await end();
  });

  test('refuses at once a fault that the carrier cannot do, and not when it is to strike', async () => {
    const { exitCode, stderr } = await weir(
      'tap',
      'connect',
      '--upstream',
      'http://localhost:1',
      '--fault',
      'drop: { frame: { from: server } }',
    );
    expect(stderr).toMatch(/--fault: drop is nothing that http can do; it can do cut, stall/);
    expect(exitCode).toBe(2);
  });
});
