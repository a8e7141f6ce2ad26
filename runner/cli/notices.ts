import type { Metafile } from 'esbuild';

/** A third-party package of which a copy is in the bundle, with the texts that must go along with the copy. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX expression, as its package.json has it. */
  readonly license: string | undefined;
  /** What its licence and notice files say. */
  readonly texts: readonly string[];
}

/** Folders, relative to the root of the build, of the packages of which the bundle has code. Sorted, each once. */
export function foldersOfPackages({ outputs }: Pick<Metafile, 'outputs'>): readonly string[] {
  const files = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
  const folders = files.flatMap((file) => /^.*\bnode_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? []);
  return [...new Set(folders)].sort();
}

/** Whether a file at the top of a package says under which terms it may be copied. */
export function isNotice(file: string): boolean {
  return /^(licen[cs]e|copying|notice)([-.]|$)/i.test(file);
}

/**
 * Where we keep the text of the licence of a package that does not bring it, relative to the root: as it stands in its repository, for the licence
 * that its package.json names.
 */
export function noticeOf(name: string): string {
  return `runner/cli/licences/${name.replace('/', '+')}.txt`;
}

/**
 * The notices that must go along with a bundle. Throws with the name of every package that has no licence or brings no text of
 * it: whoever copies it could not pass on its terms.
 */
export function noticesOf(packages: readonly BundledPackage[]): string {
  const faults = packages.flatMap(({ name, version, license, texts }) => {
    if (license === undefined) return [`${name} ${version} names no licence in its package.json`];
    return texts.some((text) => text.trim() !== '') ? [] : [`${name} ${version} (${license}) brings no text of its licence`];
  });
  if (faults.length > 0) {
    throw new Error(
      `the command line holds copies of packages whose terms it cannot pass on:\n  ${faults.join('\n  ')}\nLeave them to npm: \`external\` in runner/cli/bundle.ts.`,
    );
  }
  const head = `The files of this folder hold copies of parts of ${packages.length} packages, which come under these terms:`;
  const sections = packages.map(({ name, version, license, texts }) =>
    [`${'='.repeat(80)}\n${name} ${version} (${license})`, ...texts.map((text) => text.replaceAll('\r\n', '\n').trim())].join('\n\n'),
  );
  return `${[head, ...sections].join('\n\n')}\n`;
}
