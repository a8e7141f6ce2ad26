import { spawn } from 'node:child_process';
import { oneLine } from '../../protocols/common/plain.ts';

/** The program that opens an address on a machine, which the variable BROWSER may name; undefined where no browser can be shown. */
export function browserOf(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): readonly [command: string, ...args: string[]] | undefined {
  if (env['CI'] !== undefined) return undefined;
  const named = env['BROWSER']?.split(' ').filter((word) => word !== '') ?? [];
  const [first, ...rest] = named;
  if (first !== undefined) return [first, ...rest];
  switch (platform) {
    case 'darwin':
      return ['open'];
    case 'win32':
      return ['cmd', '/c', 'start', ''];
    default:
      return env['DISPLAY'] === undefined && env['WAYLAND_DISPLAY'] === undefined ? undefined : ['xdg-open'];
  }
}

/** Opens an address or a file in the browser, where there is one; says whether it was tried. */
export function openInBrowser(target: string): boolean {
  const browser = browserOf(process.platform, process.env);
  if (browser === undefined) return false;
  const [command, ...args] = browser;
  const child = spawn(command, [...args, target], { detached: true, stdio: 'ignore' });
  child.on('error', () => process.stderr.write(`${oneLine(command)} cannot be started, which opens a browser (BROWSER names another)\n`));
  child.unref();
  return true;
}
