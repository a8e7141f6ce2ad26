import type { TextOutput } from '../../reporters/reporter.ts';

/** Standard output as reporters see it. NO_COLOR, FORCE_COLOR and CI are minded. */
export function terminalOutput(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): TextOutput {
  const interactive = stream.isTTY === true && env['CI'] === undefined;
  const forced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0';
  return {
    write: (text) => {
      stream.write(text);
    },
    interactive,
    colours: forced || (stream.isTTY === true && env['NO_COLOR'] === undefined && env['TERM'] !== 'dumb'),
    // A terminal that does not know its width says 0.
    columns: stream.columns || 160,
  };
}
