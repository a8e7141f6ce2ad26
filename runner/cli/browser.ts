import { spawn } from 'node:child_process';

/** The program that opens an address on a machine; undefined where no browser can be shown. */
export function browserOf(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): readonly [command: string, ...args: string[]] | undefined {
  if (env['CI'] !== undefined) return undefined;
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
  // A machine without that program has no browser to show.
  child.on('error', () => undefined);
  child.unref();
  return true;
}
