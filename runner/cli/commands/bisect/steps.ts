import { writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { readManifest } from '../../../adapters/manifest.ts';
import { makeFolder } from '../../../files/make-folder.ts';
import { UsageError } from '../../exit.ts';

/** One version that can be tried. */
export interface Step {
  /** As people call it. */
  readonly name: string;
  /** What `weir run --implementation` takes. */
  readonly reference: string;
  /** Makes it ready to be run, and clears up behind it. */
  prepare(): Promise<void>;
  leave(): Promise<void>;
}

const nothing = async (): Promise<void> => undefined;

/**
 * The versions of a manifest, the oldest first, or others that its commands take by `${version}`. One that the manifest does not list is
 * like the next newer one that it does. Known failures are left out: what is known to fail fails.
 */
export function versionsOf(file: string, named: readonly string[] | undefined, scratch: string): Step[] {
  const manifest = readManifest(file);
  const { versions: columns = {}, labels, 'known-failures': _, ...rest } = manifest;
  const listed = labels.toReversed();
  const versions = named ?? listed;
  const cwd = resolve(dirname(file), manifest.cwd ?? '.');
  return versions.map((version, i) => {
    const like = listed.includes(version) ? version : (versions.slice(i).find((each) => listed.includes(each)) ?? listed.at(-1));
    const column = like === undefined ? {} : (columns[like] ?? {});
    const { version: reported, ...same } = column;
    const folder = join(scratch, `version-${i}`);
    makeFolder(folder);
    const own = version === like && reported !== undefined ? { ...same, version: reported } : same;
    writeFileSync(join(folder, 'implementation.yaml'), stringify({ ...rest, cwd, versions: { [version]: own } }));
    return { name: version, reference: `${folder}@${version}`, prepare: nothing, leave: nothing };
  });
}

/** The commits of a range, the oldest first, each with the manifest as it was then, in a checkout that is there while it is run. */
export async function commitsOf(file: string, range: string, scratch: string): Promise<Step[]> {
  const cwd = dirname(file);
  const git = async (words: readonly string[]): Promise<string> => {
    const ran = await execa('git', words, { cwd, reject: false });
    if (ran.exitCode !== 0) throw new UsageError(`git ${words.join(' ')}: ${ran.stderr.trim() || ran.shortMessage}`);
    return ran.stdout.trim();
  };
  const [from = '', to = 'HEAD'] = range.split('..');
  const root = await git(['rev-parse', '--show-toplevel']);
  const oldest = await git(['rev-parse', '--verify', '--end-of-options', `${from}^{commit}`]);
  const newest = await git(['rev-parse', '--verify', '--end-of-options', `${to || 'HEAD'}^{commit}`]);
  const later = await git(['rev-list', '--reverse', '--first-parent', `${oldest}..${newest}`]);
  const commits = [oldest, ...later.split('\n').filter((line) => line !== '')];
  return commits.map((commit, i) => {
    const place = join(scratch, `commit-${i}`);
    return {
      name: commit.slice(0, 10),
      reference: join(place, relative(root, file)),
      prepare: async () => void (await git(['worktree', 'add', '--detach', '--quiet', place, commit])),
      leave: async () => void (await git(['worktree', 'remove', '--force', place])),
    };
  });
}
