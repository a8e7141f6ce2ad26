import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dirname, join as joinAddress } from 'node:path/posix';

/** Links of a built site that lead nowhere: to a file that is not there, or to an anchor that its page lacks. One sentence each. */
export function brokenLinks(folder: string): readonly string[] {
  const files = new Set(readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/')));
  const pages = new Map(
    [...files]
      .filter((path) => path.endsWith('.html') && !path.startsWith('files/'))
      .map((path) => [path, readFileSync(join(folder, path), 'utf8')]),
  );
  const anchors = new Map(
    [...pages].map(([path, html]) => [path, new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id = '']) => id))]),
  );
  return [...pages].flatMap(([page, html]) =>
    [...new Set([...html.matchAll(/\s(?:href|src)="([^"]+)"/g)].map(([, target = '']) => target))].flatMap((target) => {
      if (/^[a-z][a-z+.-]*:/.test(target)) return URL.canParse(target) ? [] : [`${page}: ${target} is no address`];
      const [path = '', anchor = ''] = target.split('#');
      const to = path === '' ? page : found(files, path.startsWith('/') ? path.slice(1) : joinAddress(dirname(page), path));
      if (to === undefined) return [`${page}: nothing at ${target}`];
      if (anchor === '' || anchors.get(to) === undefined) return [];
      return anchors.get(to)?.has(decodeURIComponent(anchor)) === true ? [] : [`${page}: ${to} has no anchor ${anchor}`];
    }),
  );
}

/** The file that a server gives for an address. */
function found(files: ReadonlySet<string>, address: string): string | undefined {
  return [address, `${address}.html`, joinAddress(address, 'index.html')].find((path) => files.has(path) && /\.[a-z0-9]+$/i.test(path));
}
