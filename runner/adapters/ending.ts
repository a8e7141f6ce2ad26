import type { Crash } from './error.ts';
import { exceptionIn, isOwn } from './exception.ts';
import type { Implementation } from './manifest.ts';
import { describeExit, type Exit, lastWords } from './process.ts';

/** How the process of an adapter ended: in words (`exit code 1): Error: boom, at mine/adapter.mjs:1`), and what it died of. */
export interface Ending {
  readonly words: string;
  readonly crash: Crash;
}

/** What is known of an end, from how the process exited and what it wrote to stderr; an exit that is undefined is not known yet. */
export function endingOf(exit: Exit | undefined, stderr: string, { command, cwd }: Pick<Implementation, 'command' | 'cwd'>): Ending {
  const how = exit === undefined ? 'unknown' : describeExit(exit);
  if (exit?.notFound === true)
    return { words: `(${how}): there is no program \`${command[0] ?? ''}\` here`, crash: { headline: how, own: false } };
  const exception = exceptionIn(stderr);
  const own = exception !== undefined && isOwn(exception, command, cwd);
  const at = exception?.where === undefined ? '' : `, at ${exception.where}`;
  const of = exception === undefined ? lastWords(stderr) : `: ${exception.headline}${at}`;
  return {
    words: `(${how})${of}${own ? '; that is the adapter’s own code' : ''}`,
    crash: { headline: exception?.headline ?? how, own },
  };
}
