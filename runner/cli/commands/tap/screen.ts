import { REDRAW } from '../../../../protocols/common/plain.ts';

/** Bytes of lines that are written at once. */
const AT_ONCE = 64 * 1024;

/** Lines on their way to the standard output: gathered, and with a line that is being typed below them. */
export function startScreen(interactive: boolean) {
  let gathered: string[] = [];
  let size = 0;
  let typed: string | undefined;
  let waiting = false;
  const flush = (): void => {
    waiting = false;
    if (gathered.length === 0) return;
    const text = gathered.join('');
    gathered = [];
    size = 0;
    if (typed !== undefined && interactive) process.stdout.write(REDRAW);
    process.stdout.write(text);
    if (typed !== undefined && interactive) process.stdout.write(typed);
  };
  return {
    write(text: string): void {
      if (text === '') return;
      gathered.push(text);
      size += text.length;
      if (size >= AT_ONCE) flush();
      else if (!waiting) {
        waiting = true;
        setImmediate(flush);
      }
    },
    typing(text: string | undefined): void {
      typed = text;
      if (interactive) process.stdout.write(`${REDRAW}${typed ?? ''}`);
    },
    flush,
  };
}
