import type { Fault } from '../faults/fault.ts';
import type { ToxicCommand } from '../toxics/toxic.ts';

/** A pattern of an error that an application reads. */
export interface ErrorPattern {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly extras?: unknown;
  readonly metadata?: unknown;
}

/** An error that an application ends its side with. */
export interface GivenError {
  readonly code: string | number;
  readonly message: string;
  readonly extras?: unknown;
  readonly metadata?: unknown;
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
      /** The server that it dials, by its name in the case; absent: the one that is there without a step. */
      readonly to?: string;
    }
  | {
      readonly kind: 'serve';
      readonly server: string;
      readonly serverId: string | undefined;
      readonly timers: Readonly<Record<string, number>>;
      readonly options: Readonly<Record<string, unknown>>;
      /** It must not start. */
      readonly fails?: true;
    }
  | { readonly kind: 'stop'; readonly server: string; readonly how?: string }
  | {
      readonly kind: 'invoke';
      readonly call: string;
      /** The instance that calls, by its name in the case. */
      readonly at: string;
      readonly to?: number;
      readonly procedure?: string;
      /** Empty where nothing says it. */
      readonly procedureKind: string;
      /** Its caller is never told an end. */
      readonly endless?: true;
      /** Absent: the call opens without a value. */
      readonly value?: unknown;
      readonly metadata?: unknown;
      readonly credit?: number;
    }
  | { readonly kind: 'send'; readonly call: string; readonly value: unknown; readonly metadata?: unknown }
  | { readonly kind: 'credit'; readonly call: string; readonly n: number }
  | { readonly kind: 'start'; readonly call: string; readonly metadata?: unknown; readonly within: number }
  | {
      readonly kind: 'receive';
      readonly call: string;
      readonly ok: unknown;
      readonly metadata?: unknown;
      readonly error: ErrorPattern | undefined;
      readonly within: number;
    }
  | { readonly kind: 'finish'; readonly call: string; readonly metadata?: unknown; readonly error?: GivenError }
  | {
      readonly kind: 'end';
      readonly call: string;
      readonly error: ErrorPattern | undefined;
      readonly metadata?: unknown;
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
  | {
      readonly kind: 'handler';
      /** Whose, by its name in the case; absent: anybody's. */
      readonly at?: string;
      readonly procedure?: string;
      readonly event: string;
      readonly value: unknown;
      readonly metadata?: unknown;
      readonly within: number;
    }
  | {
      readonly kind: 'closed';
      readonly by: 'client' | 'server' | 'broker' | 'proxy' | undefined;
      readonly code: unknown;
      readonly connection: number | undefined;
      /** It holds where no such connection has been opened. */
      readonly ifOpened?: true;
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
  | { readonly kind: 'broker'; readonly ask: readonly BrokerWord[]; readonly is: unknown; readonly within: number }
  | { readonly kind: 'broker'; readonly happens: Outage }
  | { readonly kind: 'toxic'; readonly toxic: ToxicCommand }
  | { readonly kind: 'peer'; readonly command: unknown };

/** What can happen to a broker as a whole: see the grammar. */
export type Outage = 'down' | 'up' | 'restart' | 'freeze' | 'thaw';

/** A word of a command to the broker: as it is, a name of this run, or bytes in base64. */
export type BrokerWord = string | number | { readonly $space: string } | { readonly $bytes: string };

/** What a step does that judges something: it waits for it, or sees that it stays away. */
export type JudgingAction = Extract<
  Action,
  { readonly kind: 'start' | 'receive' | 'end' | 'status' | 'handler' | 'closed' | 'opened' | 'await' | 'quiet' }
>;

/** Whether an action judges something, rather than only doing it. */
export function judges(action: Action): action is JudgingAction {
  switch (action.kind) {
    case 'start':
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
    case 'serve':
    case 'stop':
    case 'invoke':
    case 'send':
    case 'credit':
    case 'finish':
    case 'cancel':
    case 'disconnect':
    case 'fault':
    case 'broker':
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
