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
const group = `  + Exception Group Traceback (most recent call last):
  |   File "/home/me/adapter.py", line 40, in <module>
  |     run()
  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/home/me/river/session.py", line 7, in run
    |     raise ValueError("no session")
    | ValueError: no session
    +------------------------------------
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
      "thread 'main' panicked at src/wire.rs:9:5: index out of bounds",
      'src/wire.rs:9',
    ],
    [
      'Rust, with the number of the thread and no backtrace',
      "thread 'tokio-runtime-worker' (4711) panicked at src/wire.rs:9:5:\nno session\nnote: run with `RUST_BACKTRACE=1`\n",
      "thread 'tokio-runtime-worker' panicked at src/wire.rs:9:5: no session",
      'src/wire.rs:9',
    ],
    ['Python, one of a group', group, 'ValueError: no session', 'river/session.py:7'],
    [
      'Python, within a runtime at home',
      python.replace(
        '/home/me/river/session.py", line 7, in run',
        '/home/me/.pyenv/versions/3.12.1/lib/python3.12/asyncio/runners.py", line 190, in run',
      ),
      'ValueError: no session',
      'me/adapter.py:40',
    ],
    [
      'Node.js, an exception of a name of its own',
      node.replace('TypeError: x', 'SessionGone [ERR_GONE]: x'),
      'SessionGone [ERR_GONE]: x is undefined',
      'lib/session.js:120',
    ],
    [
      'Node.js, a promise',
      `node:internal/process/promises:394\n      triggerUncaughtException(err, true /* fromPromise */);\n      ^\n\n[UnhandledPromiseRejection: with the reason "gone".] {\n  code: 'ERR_UNHANDLED_REJECTION'\n}\n\nNode.js v20.20.2\n`,
      'UnhandledPromiseRejection: with the reason "gone".',
      undefined,
    ],
    [
      '.NET',
      'Unhandled exception. System.InvalidOperationException: closed\n   at River.Session.Send(Object o) in /home/me/Session.cs:line 88\n',
      'System.InvalidOperationException: closed',
      'me/Session.cs:88',
    ],
    [
      'C++',
      "terminate called after throwing an instance of 'std::out_of_range'\n  what():  map::at\n",
      "terminate called after throwing an instance of 'std::out_of_range' what():  map::at",
      undefined,
    ],
    [
      'AddressSanitizer',
      '==4711==ERROR: AddressSanitizer: heap-use-after-free on address 0x6\n    #0 0x55 in send /home/me/wire.c:31:5\n',
      'ERROR: AddressSanitizer: heap-use-after-free',
      'me/wire.c:31',
    ],
    ['C', "adapter: wire.c:31: send: Assertion `open' failed.\n", "wire.c:31: send: Assertion `open' failed.", undefined],
    ['Swift', 'River/Session.swift:31: Fatal error: no session\n', 'River/Session.swift:31: Fatal error: no session', undefined],
    [
      'Ruby',
      "/home/me/session.rb:7:in `run': no session (RuntimeError)\n\tfrom /home/me/adapter.rb:40:in `<main>'\n",
      'no session (RuntimeError)',
      'me/session.rb:7',
    ],
    [
      'PHP',
      'PHP Fatal error:  Uncaught Exception: gone in /home/me/session.php:7\n',
      'Uncaught Exception: gone in /home/me/session.php:7',
      'me/session.php:7',
    ],
    [
      'Dart',
      'Unhandled exception:\nBad state: no session\n#0      run (file:///home/me/session.dart:7:5)\n',
      'Bad state: no session',
      'me/session.dart:7',
    ],
    ['Elixir', '** (RuntimeError) no session\n    lib/session.ex:7: Session.run/1\n', '** (RuntimeError) no session', 'lib/session.ex:7'],
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
