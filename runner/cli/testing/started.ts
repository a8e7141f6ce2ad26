import { execa } from 'execa';
import { main } from './command-line.ts';

/** Starts a command of the built command line that goes on until it is interrupted. */
export function started(folder: string, words: readonly string[]) {
  const child = execa(process.execPath, [main, ...words], { cwd: folder, reject: false, all: true, env: { NO_COLOR: '1' } });
  let seen = '';
  const waiting = new Set<() => void>();
  child.all?.on('data', (chunk: Buffer) => {
    seen += String(chunk);
    for (const look of waiting) look();
  });
  /** Resolves when it has said something like this; rejects when it ends before. */
  const said = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(seen);
        if (found === null) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      child.on('exit', () => reject(new Error(`it ended before it said ${pattern}: ${seen}`)));
      look();
    });
  return { child, said, seen: () => seen };
}
