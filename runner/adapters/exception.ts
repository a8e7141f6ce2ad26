import { basename, resolve } from 'node:path';

/** An exception that ended a process, as its runtime printed it. */
export interface PrintedException {
  /** Type and message: `TypeError: x is undefined`, `panic: send on closed channel`. */
  readonly headline: string;
  /** File of the innermost frame that is not the runtime's own; undefined where none was printed. */
  readonly file: string | undefined;
  /** `lib/session.js:120`, short for people; undefined where no frame was printed. */
  readonly where: string | undefined;
  /** All of it, at most `LONGEST` lines. */
  readonly text: string;
}

/** Lines of an exception that are told. */
const LONGEST = 20;

interface Style {
  /** Whether a line begins an exception; the first group is its headline, where that stands in it. */
  readonly begins: RegExp;
  /** A frame: file and line. */
  readonly frame: RegExp;
  /** Where the headline comes: in the line that begins it, in the one below that, or in the first line after the frames. */
  readonly headline: 'first' | 'next' | 'last';
  /** Which of the frames is the innermost. */
  readonly innermost: 'first' | 'last';
  /** A line below the one that begins it which belongs to the headline; its first group does. */
  readonly more?: RegExp;
  /** Whether it is one only where a frame stands right below: what begins it may be any line. */
  readonly framed?: true;
}

/** Of what is printed without frames. */
const NO_FRAME = /(?!)/;

/** As Node.js, Python, Go, Rust, the JVM, .NET, C and C++, Swift, Ruby, PHP, Dart and Elixir print what nobody caught. */
const STYLES: readonly Style[] = [
  {
    begins: /^(?:Exception Group )?Traceback \(most recent call last\):/,
    frame: /^\s+File "([^"]+)", line (\d+)/,
    headline: 'last',
    innermost: 'last',
  },
  { begins: /^((?:panic|fatal error): .+)/, frame: /^\s+(\S+\.go):(\d+)/, headline: 'first', innermost: 'first' },
  {
    // The number of the thread, where it is told, is another one each time.
    begins: /^(thread '[^']*')(?: \(\d+\))?( panicked at .+)/,
    frame: /^(?:\s+at |thread '[^']*'(?: \(\d+\))? panicked at )(\S+\.rs):(\d+)/,
    headline: 'first',
    innermost: 'first',
    more: /^(?!note:|stack backtrace:)(\S.*)/,
  },
  { begins: /^Exception in thread "[^"]*" (.+)/, frame: /^\s+at .*\(([^():]+):(\d+)\)/, headline: 'first', innermost: 'first' },
  {
    begins: /^(?:Uncaught )?((?:[A-Za-z_$][\w$.]*(?:Error|Exception)|Error)\b.*)/,
    frame: /^\s+at (?:.*\()?(?:file:\/\/)?(\/[^():]+|[A-Z]:[^():]+|node:[^():]+):(\d+):\d+\)?$/,
    headline: 'first',
    innermost: 'first',
  },
  {
    begins: /^([A-Za-z_$][\w$.]*(?: \[[A-Z_]+\])?: .+)/,
    frame: /^\s+at (?:.*\()?(?:file:\/\/)?(\/[^():]+|[A-Z]:[^():]+|node:[^():]+):(\d+):\d+\)?$/,
    headline: 'first',
    innermost: 'first',
    framed: true,
  },
  { begins: /^\[(UnhandledPromiseRejection: .+?)\](?: \{)?$/, frame: NO_FRAME, headline: 'first', innermost: 'first' },
  { begins: /^Unhandled [Ee]xception\. (.+)/, frame: /^\s+at .* in (.+):line (\d+)/, headline: 'first', innermost: 'first' },
  {
    begins: /^(terminate called after throwing an instance of '.+')/,
    frame: NO_FRAME,
    headline: 'first',
    innermost: 'first',
    more: /^\s+(what\(\):.+)/,
  },
  { begins: /^==\d+==\s?(ERROR: \w+Sanitizer: \S+)/, frame: /^\s+#\d+ .* (\S+?):(\d+)(?::\d+)?$/, headline: 'first', innermost: 'first' },
  { begins: /^\S+: (\S+:\d+: .*Assertion [`'].*' failed\.)/, frame: NO_FRAME, headline: 'first', innermost: 'first' },
  { begins: /^(\S+\.swift:\d+: Fatal error.*|Fatal error: .*\.swift, line \d+)/, frame: NO_FRAME, headline: 'first', innermost: 'first' },
  { begins: /^\S+\.rb:\d+:in ['`].*': (.+ \(\S+\))$/, frame: /^(?:\s+from )?(\S+\.rb):(\d+):in /, headline: 'first', innermost: 'first' },
  { begins: /^PHP Fatal error: +(.+)/, frame: / in (\S+\.php)(?::| on line )(\d+)/, headline: 'first', innermost: 'first' },
  { begins: /^Unhandled exception:/, frame: /^#\d+ .*\((?:file:\/\/)?(\S+\.dart):(\d+):\d+\)/, headline: 'next', innermost: 'first' },
  { begins: /^(\*\* \(\w[\w.]*\) .+)/, frame: /^\s+(?:\(.+\) )?(\S+\.exs?):(\d+): /, headline: 'first', innermost: 'first' },
];

/** A frame of the runtime's own, which stands between the exception and whose doing it is. */
const RUNTIME = /^node:|[/\\]lib[/\\](?:python|go)[\d.]*[/\\](?!.*(?:site|dist)-packages)|[/\\]runtime[/\\]/;

/** What Python draws before each line of the exceptions of a group. */
const GROUP = /^\s*(?:\| |\+ (?=Exception Group ))/;

/** The last exception in what a process wrote to stderr; undefined where it says none. */
export function exceptionIn(stderr: string): PrintedException | undefined {
  const isGroup = stderr.includes('+ Exception Group Traceback');
  const lines = stderr
    .trimEnd()
    .split('\n')
    .map((line) => (isGroup ? line.replace(GROUP, '') : line).trimEnd());
  let last: { readonly exception: PrintedException; readonly end: number } | undefined;
  for (const at of lines.keys()) {
    for (const style of STYLES) {
      const begun = style.begins.exec(lines[at] ?? '');
      const found = begun === null ? undefined : read(lines.slice(at), style, begun.slice(1).join(''));
      if (found === undefined) continue;
      const end = at + found.lines;
      // The last words of one that has frames may look like another that has none.
      const better = last === undefined || (found.exception.where === undefined ? last.exception.where === undefined : end >= last.end);
      if (better) last = { exception: found.exception, end };
    }
  }
  return last?.exception;
}

function read(lines: readonly string[], style: Style, first: string): { exception: PrintedException; lines: number } | undefined {
  if (style.framed === true && !style.frame.test(lines[1] ?? '')) return undefined;
  const frames = lines.flatMap((line) => {
    const [, file = '', number = ''] = style.frame.exec(line) ?? [];
    return file === '' ? [] : [{ file, number }];
  });
  const last = lines.findLastIndex((line) => style.frame.test(line));
  // Python says what it was below the frames, each of which may have its line of source below it.
  const below = lines.findIndex((line, i) => i > Math.max(0, last) && /^\S/.test(line));
  const [, more] = style.more?.exec(lines[1] ?? '') ?? [];
  const headline = { first: more === undefined ? first : `${first} ${more}`, next: lines[1], last: lines[below] }[style.headline];
  // A headline alone may be a line of a log that goes on.
  if (headline === undefined || headline === '') return undefined;
  const whose = frames.filter(({ file }) => !RUNTIME.test(file));
  const innermost = (style.innermost === 'first' ? whose : whose.toReversed())[0];
  const end = style.headline === 'last' ? below + 1 : Math.max(more === undefined && style.headline === 'first' ? 1 : 2, last + 1);
  const told = lines.slice(0, end);
  const exception = {
    headline,
    file: innermost?.file,
    where: innermost === undefined ? undefined : `${innermost.file.split(/[/\\]/).slice(-2).join('/')}:${innermost.number}`,
    text: (told.length > LONGEST ? [...told.slice(0, LONGEST / 2), '…', ...told.slice(-LONGEST / 2)] : told).join('\n'),
  };
  return { exception, lines: end };
}

/** Whether an exception came from the adapter's own files (those that its command names), rather than from what it drives. */
export function isOwn({ file }: Pick<PrintedException, 'file'>, command: readonly string[], cwd: string): boolean {
  if (file === undefined) return false;
  return command.slice(1).some((word) => basename(word) === basename(file) && [word, resolve(cwd, word)].includes(file));
}
