import type * as z from 'zod';
import type { Role } from './frame.ts';

/** A kind of call, as its protocol has it. */
export interface CallKind {
  /** What it is, in Markdown. */
  readonly says: string;
  /** Its caller is never told an end; absent where each call of the kind ends. */
  readonly ends?: false;
  /** The opening value where a case gives none, tagged; absent: such a call opens without a value. */
  readonly opening?: unknown;
  /** Many requests and one result. */
  readonly singleResult?: true;
}

/** The places at which calls can carry something beside their values: the start, the answer's own start, a value, an error, the end. */
export type MetadataPlace = 'start' | 'answer' | 'value' | 'error' | 'end';

/** Under which keys names of calls stand. */
export interface CallKeys {
  /** In wire patterns. */
  readonly wire: readonly string[];
  /** In `peer:` commands, at any depth: what is named so has to be on the wire before the command is carried out. */
  readonly script: readonly string[];
  /** In `peer:` commands, where the name may be a new one, of what the command opens. */
  readonly opens: readonly string[];
}

/** What calls are like in a protocol. */
export interface CallLanguage {
  /** Its kinds of calls. */
  readonly kinds: Readonly<Record<string, CallKind>>;
  /** Which ends may start calls; absent: only clients. */
  readonly callers?: readonly Role[];
  /** Whether a call may go on on a later connection, so that where it is has to be asked again once there is one. */
  readonly callsOutliveConnections?: true;
  /** Whether a case may have servers beside the one that is there without a step. */
  readonly manyServers?: true;
  /** What calls carry beside their values: where, and the grammar of what a case may write there. Absent: nothing. */
  readonly metadata?: { readonly grammar: z.ZodType; readonly at: readonly MetadataPlace[] };
  /** Grammar of how much a reader says it takes. Absent: readers say nothing of the kind. */
  readonly credit?: z.ZodType<number>;
  /** Parts in a call that rules may oblige instead of a role: who starts it, and who answers. */
  readonly parts?: Readonly<Record<string, 'caller' | 'callee'>>;
  readonly callKeys: CallKeys;
  /** Takes the name of a procedure apart, for protocols whose procedures belong to services. Absent: names are taken as they are. */
  namePair?(procedure: string): { readonly service: string; readonly procedure: string };
}

/** Whether calls of a kind come to an end that their caller is told. A kind that nobody knows does. */
export function kindEnds({ kinds }: Pick<CallLanguage, 'kinds'>, kind: string): boolean {
  return !Object.hasOwn(kinds, kind) || kinds[kind]?.ends !== false;
}
