import type { Role } from '../../protocols/common/frame.ts';
import type { Requirement } from '../../protocols/common/requirement.ts';
import { isBinding, levelOf } from '../judge/judgement.ts';
import type { Notice } from './crew.ts';
import type { Mutant } from './mutant.ts';

/**
 * What became of a mutant. `warned`: it breaks a binding rule, and no build. `error`: the harness stumbled over it, but no judge
 * could say what is wrong.
 */
export type Fate = 'killed' | 'warned' | 'error' | 'survived' | 'equivalent';

/** A mutant with everyone who noticed it. */
export interface Killed {
  readonly mutant: Mutant;
  readonly fate: Fate;
  readonly notices: readonly Notice[];
  readonly runs: number;
}

/** A case of the corpus as the matrix needs it. */
export interface CaseFacts {
  readonly id: string;
  readonly roles: readonly Role[];
}

/** What the corpus would notice, and which parts of it notice nothing. */
export interface Matrix {
  readonly mutants: readonly Killed[];
  readonly areas: readonly { readonly area: string; readonly killed: number; readonly total: number; readonly equivalent: number }[];
  /** Cases whose own assertions notice no mutant, or only some that nearly every case notices. */
  readonly idleCases: readonly string[];
  /** Invariants that notice no mutant. */
  readonly idleInvariants: readonly string[];
  /** By case id: mutants that its own assertions notice. */
  readonly killsOfCase: ReadonlyMap<string, readonly string[]>;
  /** By name: mutants that the invariant notices. */
  readonly killsOfInvariant: ReadonlyMap<string, readonly string[]>;
}

/** A mutant that more than this part of its role's cases notice says nothing about any one of them. */
const COMMON = 0.5;

/** Whether a rule is one of which each breach must fail: everyone agrees on it, and it is no mere habit. */
export type Binds = (requirement: string) => boolean;

/** Reads that off a catalogue. */
export function bindingRules(requirements: ReadonlyMap<string, Requirement>): Binds {
  return (id) => isBinding(levelOf((each) => requirements.get(each), id)) && requirements.get(id)?.disputed?.ruling !== 'open';
}

/** The fate that notices amount to. */
export function fateOf(mutant: Mutant, notices: readonly Notice[], binds: Binds): Fate {
  if (mutant.equivalent !== undefined) return 'equivalent';
  if (notices.length === 0) return 'survived';
  const judged = notices.some(({ witnesses }) =>
    witnesses.some(({ judge, checkpoint }) => judge !== 'harness' || !isBlameless(checkpoint)),
  );
  if (!judged) return 'error';
  return mutant.requirement.some(binds) && !notices.some(({ breaks }) => breaks) ? 'warned' : 'killed';
}

/** Errors of the harness that do not say that the peer under test crashed or hung. */
function isBlameless(checkpoint: string): boolean {
  return checkpoint.startsWith('invariant:') || checkpoint === 'not-reached' || checkpoint === 'golden';
}

/** Puts the outcomes of all mutants together. `cases` and `invariants` are all there are, `noticing` counts whom. */
export function matrixOf(mutants: readonly Killed[], cases: readonly CaseFacts[], invariants: readonly string[]): Matrix {
  const killsOfCase = new Map<string, string[]>(cases.map(({ id }) => [id, []]));
  const killsOfInvariant = new Map<string, string[]>(invariants.map((name) => [name, []]));
  for (const { mutant, notices } of mutants) {
    const byCases = new Set<string>();
    const byInvariants = new Set<string>();
    for (const notice of notices) {
      for (const { judge, checkpoint } of notice.witnesses) {
        if (judge === 'invariant') byInvariants.add(checkpoint.replace(/^invariant:/, ''));
        else if (!isBlameless(checkpoint)) byCases.add(notice.case);
      }
    }
    for (const name of byInvariants) killsOfInvariant.get(name)?.push(mutant.id);
    const ofRole = cases.filter(({ roles }) => roles.includes(mutant.role)).length;
    if (byCases.size > ofRole * COMMON) continue;
    for (const id of byCases) killsOfCase.get(id)?.push(mutant.id);
  }
  return {
    mutants,
    areas: areasOf(mutants),
    idleCases: [...killsOfCase].filter(([, kills]) => kills.length === 0).map(([id]) => id),
    idleInvariants: [...killsOfInvariant].filter(([, kills]) => kills.length === 0).map(([name]) => name),
    killsOfCase,
    killsOfInvariant,
  };
}

function areasOf(mutants: readonly Killed[]): Matrix['areas'] {
  return [...new Set(mutants.map(({ mutant }) => mutant.area))].map((area) => {
    const own = mutants.filter(({ mutant }) => mutant.area === area);
    const equivalent = own.filter(({ fate }) => fate === 'equivalent').length;
    return { area, equivalent, killed: own.filter(({ fate }) => fate === 'killed').length, total: own.length - equivalent };
  });
}

/** The matrix as plain data, for `--json`: who killed whom. */
export function plainMatrix(matrix: Matrix): unknown {
  return {
    schema: 'weir-mutants/1',
    areas: matrix.areas,
    mutants: matrix.mutants.map(({ mutant, fate, notices, runs }) => ({
      id: mutant.id,
      area: mutant.area,
      role: mutant.role,
      what: mutant.what,
      requirements: mutant.requirement,
      fate,
      ...(mutant.equivalent === undefined ? {} : { equivalent: mutant.equivalent }),
      runs,
      noticedBy: notices.map(({ run, breaks, witnesses }) => ({
        run,
        breaks,
        witnesses: witnesses.map(({ judge, checkpoint }) => ({ judge, checkpoint })),
      })),
    })),
    cases: Object.fromEntries(matrix.killsOfCase),
    invariants: Object.fromEntries(matrix.killsOfInvariant),
    idleCases: matrix.idleCases,
    idleInvariants: matrix.idleInvariants,
  };
}
