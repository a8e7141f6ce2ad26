import { shellWord } from '../../../../reporters/console/shell-word.ts';

/** What was said beside the bundle when it was replayed. */
export interface Said {
  readonly implementation?: string | undefined;
  readonly redisUrl?: string | undefined;
  readonly allowRemote?: boolean;
}

/** The command that replays a bundle once more: by itself a bundle runs nothing that is no part of Weir, so it names what was named. */
export function againAs(file: string, { implementation, redisUrl, allowRemote }: Said): string {
  const words = [`npx weir replay ${shellWord(file)}`];
  if (implementation !== undefined) words.push(`--implementation ${shellWord(implementation)}`);
  if (redisUrl !== undefined) words.push(`--redis-url ${shellWord(redisUrl)}`);
  if (allowRemote === true) words.push('--allow-remote');
  return words.join(' ');
}
