import { describe, expect, it } from 'vitest';
import { exceptionIn, isOwn } from './exception.ts';

const node = `/home/me/lib/session.js:120
    throw new TypeError('x is undefined');
    ^

TypeError: x is undefined
    at Session.receive (/home/me/lib/session.js:120:11)
    at WebSocket.<anonymous> (file:///home/me/adapter.mjs:14:7)
    at node:internal/process/task_queues:95:5

Node.js v20.20.2
`;
const python = `Task exception was never retrieved
Traceback (most recent call last):
  File "/home/me/adapter.py", line 40, in <module>
    run()
  File "/home/me/river/session.py", line 7, in run
    raise ValueError("no session")
ValueError: no session
`;

describe('the exception that ended a process', () => {
  it.each([
    ['Node.js', node, 'TypeError: x is undefined', 'lib/session.js:120'],
    [
      'Node.js, within the runtime',
      node.replace('    at Session', '    at node:events:519:28\n    at Session'),
      'TypeError: x is undefined',
      'lib/session.js:120',
    ],
    ['Python', python, 'ValueError: no session', 'river/session.py:7'],
    [
      'Python, one raised by another',
      `${python}\nDuring handling of the above exception, another exception occurred:\n\n${python.replaceAll('no session', 'gone')}`,
      'ValueError: gone',
      'river/session.py:7',
    ],
    [
      'Go',
      'panic: send on closed channel\n\ngoroutine 7 [running]:\nmain.write(...)\n\t/home/me/wire/out.go:31 +0x1d\n',
      'panic: send on closed channel',
      'wire/out.go:31',
    ],
    [
      'Rust',
      "thread 'main' panicked at src/wire.rs:9:5:\nindex out of bounds\nstack backtrace:\n   0: wire\n             at ./src/wire.rs:9:5\n",
      "thread 'main' panicked at src/wire.rs:9:5:",
      'src/wire.rs:9',
    ],
    [
      'the JVM',
      'Exception in thread "main" java.lang.IllegalStateException: closed\n\tat org.river.Session.send(Session.java:88)\n',
      'java.lang.IllegalStateException: closed',
      'Session.java:88',
    ],
    [
      'one without frames',
      'warming up\nRangeError: Maximum call stack size exceeded\n',
      'RangeError: Maximum call stack size exceeded',
      undefined,
    ],
  ])('is found as it was printed: %s', (_name, stderr, headline, where) => {
    expect(exceptionIn(stderr)).toMatchObject({ headline, where });
  });

  it('is told from its first line to its last frame, without what stands around it', () => {
    const told = exceptionIn(`starting\n${node}`)?.text.split('\n') ?? [];
    expect([told[0], told.at(-1)]).toEqual(['TypeError: x is undefined', '    at node:internal/process/task_queues:95:5']);
    expect(exceptionIn(python)?.text.split('\n').at(-1)).toBe('ValueError: no session');
  });

  it.each([
    ['', 'nothing'],
    ['segmentation fault\n', 'a word of the shell'],
    ['an Error: or so\n', 'a sentence'],
  ])('is not seen in %j', (stderr) => {
    expect(exceptionIn(stderr)).toBeUndefined();
  });

  it('is the adapter’s own where its innermost frame is in a file that the command names', () => {
    const own = node.replace('at Session.receive (/home/me/lib/session.js', 'at main (/home/me/adapter.mjs');
    const command = ['node', 'adapter.mjs'];
    expect(isOwn(exceptionIn(own) ?? { file: undefined }, command, '/home/me')).toBe(true);
    expect(isOwn(exceptionIn(node) ?? { file: undefined }, command, '/home/me')).toBe(false);
    expect(isOwn(exceptionIn(python) ?? { file: undefined }, ['python3', 'adapter.py'], '/home/me')).toBe(false);
    expect(isOwn({ file: undefined }, command, '/home/me')).toBe(false);
  });
});
