import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { UsageError } from '../cli/exit.ts';
import { readJson } from '../files/json.ts';
import { FileError } from '../files/read.ts';
import { loadMutants, type Mutant } from '../mutants/mutant.ts';

/** The mutants that break one requirement, by id. */
export interface RequirementMutants {
  readonly listed: readonly string[];
  /** Those that a run noticed; undefined where no run is known. */
  readonly killed: readonly string[] | undefined;
}

/** By requirement id. Equivalent mutants break nothing. `killed` holds the ids of all that a run noticed. */
export function mutantsByRequirement(
  mutants: readonly Pick<Mutant, 'id' | 'requirement' | 'equivalent'>[],
  killed: ReadonlySet<string> | undefined,
): ReadonlyMap<string, RequirementMutants> {
  const listed = new Map<string, string[]>();
  for (const { id, requirement, equivalent } of mutants) {
    if (equivalent !== undefined) continue;
    for (const each of requirement) listed.set(each, [...(listed.get(each) ?? []), id]);
  }
  return new Map(
    [...listed].map(([requirement, ids]) => [requirement, { listed: ids, killed: killed && ids.filter((id) => killed.has(id)) }]),
  );
}

/** A protocol's mutants; undefined where they are not, as in the published package. Throws what `loadMutants` throws. */
export function presentMutants(root: string, protocol: string): readonly Mutant[] | undefined {
  const folder = join(root, 'mutants', protocol);
  return existsSync(folder) ? loadMutants(folder) : undefined;
}

const matrixSchema = z.object({
  schema: z.literal('weir-mutants/1'),
  mutants: z.array(z.object({ id: z.string(), fate: z.string() })),
});

/** Ids of the mutants that were killed, out of what `npm run mutants -- --json` wrote. Throws a `UsageError` for any other file. */
export function readKilled(file: string): ReadonlySet<string> {
  let value: unknown;
  try {
    value = readJson(file);
  } catch (error) {
    throw new UsageError(
      error instanceof FileError ? error.message : `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const matrix = matrixSchema.safeParse(value);
  if (!matrix.success) throw new UsageError(`${file} is not what \`npm run mutants -- --json <file>\` writes`);
  return new Set(matrix.data.mutants.flatMap(({ id, fate }) => (fate === 'killed' ? [id] : [])));
}
