import { join } from 'node:path';
import type { Protocol } from '../protocols/common/protocol.ts';
import type { Requirement } from '../protocols/common/requirement.ts';
import { type CaseHead, eachOnce } from '../runner/cases/case.ts';
import { loadHeads, readCorpusFiles } from '../runner/cases/load.ts';
import { packageRoot } from '../runner/package-root.ts';
import { registry } from '../runner/registry.ts';

/** A case file, and the cases it stands for: one, or as many as its axes make. */
export interface CaseFile {
  /** `river/rpc/add` */
  readonly id: string;
  readonly text: string;
  readonly cases: readonly CaseHead[];
}

/** What the site tells of a protocol. */
export interface SiteProtocol {
  readonly name: string;
  readonly title: string;
  readonly requirements: readonly Requirement[];
  readonly files: readonly CaseFile[];
  readonly invariants: Protocol['invariants'];
}

/** Reads every protocol of the registry with its corpus. Throws as loading a corpus does. */
export async function readProtocols(): Promise<readonly SiteProtocol[]> {
  return Promise.all(
    Object.entries(registry).map(async ([name, entry]) => {
      const language = await entry.protocol();
      const folder = join(packageRoot(), 'cases', name);
      const heads = loadHeads({ folder, language });
      const byFile = new Map<string, CaseHead[]>();
      for (const head of eachOnce(heads.cases)) {
        const file = head.combination?.file ?? head.id;
        byFile.set(file, [...(byFile.get(file) ?? []), head]);
      }
      const texts = new Map(readCorpusFiles(folder, () => true).map(({ path, text }) => [`${name}/${path.replace(/\.yaml$/, '')}`, text]));
      const files = [...byFile].map(([id, cases]) => ({ id, cases, text: texts.get(id) ?? '' }));
      return { name, title: language.title, requirements: [...heads.requirements.values()], files, invariants: language.invariants };
    }),
  );
}
