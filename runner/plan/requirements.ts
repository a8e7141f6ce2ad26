import type { Requirement } from '../../protocols/common/requirement.ts';
import { type CaseHead, type Corpus, eachOnce, type LoadedCase } from '../cases/case.ts';
import { suggestion } from '../cases/suggest.ts';
import { SelectionError } from './selection-error.ts';

/** A requirement and the cases that name it. */
export interface ExplainedRequirement {
  readonly requirement: Requirement;
  readonly cases: readonly CaseHead[];
}

/** Finds a requirement by id, in any case of letters. Throws `SelectionError` with suggestions where there is none. */
export function explainRequirement(corpus: Corpus<CaseHead>, id: string): ExplainedRequirement {
  const requirement = corpus.requirements.get(id) ?? corpus.requirements.get(id.toUpperCase());
  if (requirement === undefined) {
    throw new SelectionError(`unknown requirement \`${id}\`; ${suggestion(id.toUpperCase(), corpus.requirements.keys(), 'requirements')}`);
  }
  return { requirement, cases: eachOnce(corpus.cases.filter((loaded) => loaded.requirements.includes(requirement.id))) };
}

/** Cases by requirement id; every requirement of the catalogue has an entry, empty where no case names it. */
export function casesByRequirement(corpus: Corpus): ReadonlyMap<string, readonly LoadedCase[]> {
  const found = new Map<string, LoadedCase[]>([...corpus.requirements.keys()].map((id) => [id, []]));
  for (const loaded of eachOnce(corpus.cases)) {
    for (const id of loaded.requirements) found.get(id)?.push(loaded);
  }
  return found;
}
