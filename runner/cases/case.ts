import type { Role } from '../../protocols/common/frame.ts';
import type { Requirement } from '../../protocols/common/requirement.ts';
import type { Range } from './grammar-words.ts';
import type { Parts } from './parts.ts';
import type { Step } from './step.ts';

/** Where something stands in a file of the corpus. */
export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** The line itself. */
  readonly text: string;
}

/** What must be true of the whole run's wire, on top of what the steps ask. Patterns are tagged. */
export type Check =
  | { readonly kind: 'wire'; readonly wire: unknown; readonly times: Range }
  | { readonly kind: 'order'; readonly order: readonly unknown[] }
  | { readonly kind: 'connections'; readonly connections: Range };

/** One line of a case's `expect`. */
export interface Expectation {
  /** Index in `expect`, from 0. */
  readonly index: number;
  /** Where it stands in the file; 1-based. */
  readonly line: number;
  readonly column: number;
  /** The requirement it judges, where it names one. */
  readonly requirement: string | undefined;
  /** The line as people read it. */
  readonly text: string;
  readonly check: Check;
}

/** Which of the cases of a file with axes a case is. */
export interface CombinationOf {
  /** The id that all cases of the file begin with: `river/malformed/field`. */
  readonly file: string;
  /** Axis → name of its value, in the order of the axes. */
  readonly values: Readonly<Record<string, string>>;
}

/** What a case says of itself before its steps. */
export interface CaseHead {
  /** `river/reconnect/within-grace`; of a file with axes the names of the values follow: `river/malformed/field/seq/missing`. */
  readonly id: string;
  readonly title: string;
  /** The file as it was found, for messages. */
  readonly file: string;
  readonly requirements: readonly string[];
  readonly tags: readonly string[];
  /** Ids this case had before. */
  readonly aliases: readonly string[];
  /** Where its file has axes. */
  readonly combination?: CombinationOf | undefined;
  /** Roles to put under test. */
  readonly roles: readonly Role[];
  /** Features the implementation must have. */
  readonly needs: readonly string[];
  /** Bindings to run it under; undefined = all of the protocol. */
  readonly bindings: readonly string[] | undefined;
}

/** A case as everything after the corpus sees it. Values inside steps and expectations are tagged. */
export interface LoadedCase extends CaseHead {
  readonly server: {
    /** None is there without a step. */
    readonly absent?: true;
    readonly serverId: string | undefined;
    /** Nominal overrides. */
    readonly timers: Readonly<Record<string, number>>;
    readonly options: Readonly<Record<string, unknown>>;
  };
  /** Which parts in calls each role may play in it; absent where the protocol has no names for them. */
  readonly parts?: Parts | undefined;
  /** Whether something happens in it to the whole broker between the ends, so that it needs one of its own. */
  readonly ownBroker?: true;
  /** Flat: `repeat` is unrolled. */
  readonly steps: readonly Step[];
  readonly expect: readonly Expectation[];
  readonly trace: 'equivalent' | 'free';
  /** What it trusts its ends with is made up, and everybody may have it. */
  readonly public?: true;
  readonly note: string | undefined;
}

/** A feature that an implementation may lack, from `features.yaml`. */
export interface Feature {
  readonly name: string;
  readonly text: string;
  /** Which role has it or lacks it. */
  readonly role: Role | 'both';
}

/** What cases may refer to. */
export interface Catalogue {
  readonly requirements: ReadonlyMap<string, Requirement>;
  /** Procedure kind by `service.procedure`. */
  readonly procedureKinds: Readonly<Record<string, string>>;
  readonly features: ReadonlyMap<string, Feature>;
}

/** All cases of a protocol, or their heads, and what they refer to. */
export interface Corpus<C extends CaseHead = LoadedCase> extends Catalogue {
  /** Name of the protocol. */
  readonly protocol: string;
  /** In order of id. A case whose file speaks of the role under test is here once for each role. */
  readonly cases: readonly C[];
  /** `services.yaml` as it is written. */
  readonly services: unknown;
}

/** The cases of a corpus, each once: one that is there for each role by itself comes with all of its roles, and is otherwise the first. */
export function eachOnce<C extends CaseHead>(cases: readonly C[]): C[] {
  const found = new Map<string, C>();
  for (const one of cases) {
    const known = found.get(one.id);
    found.set(one.id, known === undefined ? one : { ...known, roles: [...new Set([...known.roles, ...one.roles])] });
  }
  return [...found.values()];
}

/** Whether a requirement binds a role, which may play these parts in calls (undefined: any). */
export function obliges({ role: obliged }: Requirement, role: Role, parts: readonly string[] | undefined): boolean {
  if (obliged === 'client' || obliged === 'server' || obliged === 'both') return obliged === 'both' || obliged === role;
  return parts?.includes(obliged) ?? true;
}
