import type { Fault } from '../faults/fault.ts';
import type { ToxicCommand } from '../toxics/toxic.ts';

/** A pattern of an error that an application reads. */
export interface ErrorPattern {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly extras?: unknown;
}

/** What a step does. `kind` is its key in the case file; times are nominal ms; values are tagged. */
export type Action =
  | {
      readonly kind: 'connect';
      readonly client: string;
      readonly clientId: string | undefined;
      readonly serverId: string | undefined;
      readonly metadata: readonly unknown[] | undefined;
      readonly timers: Readonly<Record<string, number>>;
      readonly options: Readonly<Record<string, unknown>>;
      readonly eager: boolean;
    }
  | {
      readonly kind: 'invoke';
      readonly call: string;
      readonly client: string;
      readonly service: string;
      readonly procedure: string;
      readonly procedureKind: string;
      readonly init: unknown;
    }
  | { readonly kind: 'send'; readonly call: string; readonly request: unknown }
  | {
      readonly kind: 'receive';
      readonly call: string;
      readonly ok: unknown;
      readonly error: ErrorPattern | undefined;
      readonly within: number;
    }
  | { readonly kind: 'finish'; readonly call: string }
  | {
      readonly kind: 'end';
      readonly call: string;
      readonly error: ErrorPattern | undefined;
      readonly within: number;
      /** That it ends is all that counts. */
      readonly whatever?: true;
    }
  | { readonly kind: 'cancel'; readonly call: string }
  | { readonly kind: 'disconnect'; readonly client: string }
  | {
      readonly kind: 'status';
      readonly instance: string | undefined;
      readonly is: string;
      readonly detail: unknown;
      readonly within: number;
    }
  | { readonly kind: 'handler'; readonly procedure: string; readonly event: string; readonly value: unknown; readonly within: number }
  | {
      readonly kind: 'closed';
      readonly by: 'client' | 'server' | 'proxy' | undefined;
      readonly code: unknown;
      readonly connection: number | undefined;
      readonly after: number;
      readonly within: number;
    }
  | {
      readonly kind: 'opened';
      readonly after: number;
      /** Bounds of the distance to the opening before it, nominal ms. */
      readonly apart?: { readonly min: number; readonly max: number };
      readonly within: number;
    }
  | { readonly kind: 'await'; readonly wire: unknown; readonly times: number; readonly after: number; readonly within: number }
  | {
      readonly kind: 'quiet';
      readonly for: number;
      readonly no: readonly unknown[];
      readonly calls: readonly string[];
      readonly noConnection: boolean;
      readonly noClose: boolean;
      readonly noHandler: string | undefined;
    }
  | { readonly kind: 'fault'; readonly fault: Fault }
  | { readonly kind: 'toxic'; readonly toxic: ToxicCommand }
  | { readonly kind: 'peer'; readonly command: unknown };

/** What a step does that judges something: it waits for it, or sees that it stays away. */
export type JudgingAction = Extract<
  Action,
  { readonly kind: 'receive' | 'end' | 'status' | 'handler' | 'closed' | 'opened' | 'await' | 'quiet' }
>;

/** Whether an action judges something, rather than only doing it. */
export function judges(action: Action): action is JudgingAction {
  switch (action.kind) {
    case 'receive':
    case 'end':
    case 'status':
    case 'handler':
    case 'closed':
    case 'opened':
    case 'await':
    case 'quiet':
      return true;
    case 'connect':
    case 'invoke':
    case 'send':
    case 'finish':
    case 'cancel':
    case 'disconnect':
    case 'fault':
    case 'toxic':
    case 'peer':
      return false;
  }
}

/** One step of a case, repeats unrolled. */
export interface Step {
  /** Index in the flat list, from 0. */
  readonly index: number;
  /** Where it stands in the file; 1-based. */
  readonly line: number;
  readonly column: number;
  /** The requirement it judges, where it names one. */
  readonly requirement: string | undefined;
  /** The step in one line, as people read it: `receive: {from: chat, ok: {response: hi}}`. */
  readonly text: string;
  readonly action: Action;
}
