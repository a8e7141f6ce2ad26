import * as z from 'zod';
import type { Environment } from '../../protocols/common/environment.ts';

/** Stages of the life of connections and requests (SWILL-HOOK-01); acceptance has the name of the text and that of the implementation. */
export const STAGES = [
  ...(['before_connection', 'before_accept', 'after_accept', 'before_request', 'before_request_metadata', 'before_request_data'] as const),
  ...(['before_request_message', 'before_leading_metadata', 'before_response_message', 'before_trailing_metadata'] as const),
  ...(['after_request', 'after_connection'] as const),
];

/** One of them. */
export type Stage = (typeof STAGES)[number];

/** What is attached to a stage. Each is told when it has run. */
const action = z.union([
  z.literal('tell'),
  z.strictObject({ wait: z.number(), 'even-only': z.literal(true).optional() }),
  z.strictObject({ fail: z.int(), message: z.string().default('refused') }),
  z.strictObject({ refuse: z.int() }),
  z.strictObject({ close: z.int(), reason: z.string().default('') }),
  z.strictObject({ header: z.tuple([z.string(), z.string()]) }),
]);

/** What is attached to stages by name, those that nobody knows among them. */
export const hooksOption = z.record(z.string(), z.array(action)).default({});
type Attached = z.infer<typeof hooksOption>;

/** What an action decides beside going on. */
export type Decision =
  | { readonly kind: 'fail'; readonly code: number; readonly message: string }
  | { readonly kind: 'refuse'; readonly status: number }
  | { readonly kind: 'close'; readonly code: number; readonly reason: string };

/** What actions are told: which request it is about, and the value. */
export interface Subject {
  readonly rpc?: string;
  readonly seq?: unknown;
  readonly value?: unknown;
}

/** What hooks need of their server. */
export interface HookParts {
  readonly environment: Environment;
  readonly timeScale: number;
  readonly tell: (stage: Stage, subject: Subject) => void;
}

/** The actions of a server. */
export class Hooks {
  readonly #attached: Attached;
  readonly #parts: HookParts;

  constructor(attached: Attached, parts: HookParts) {
    this.#attached = attached;
    this.#parts = parts;
  }

  /** Names that are no stages (SWILL-HOOK-14). */
  get unknown(): readonly string[] {
    return Object.keys(this.#attached).filter((name) => !STAGES.some((stage) => stage === name));
  }

  /**
   * Runs the actions of a stage in order, each when the one before it is done, and then goes on; what one decides keeps the others from
   * running (SWILL-HOOK-01, SWILL-ERR-10). `header` hears of fields for the answer to an upgrade.
   */
  run(stage: Stage, subject: Subject, then: (decision?: Decision) => void, header?: (name: string, value: string) => void): void {
    const all = this.#attached[stage] ?? [];
    const next = (i: number): void => {
      const each = all[i];
      if (each === undefined) {
        then();
        return;
      }
      if (each !== 'tell' && 'wait' in each) {
        const waits = each['even-only'] !== true || (typeof subject.value === 'number' && subject.value % 2 === 0);
        const goOn = (): void => {
          this.#parts.tell(stage, subject);
          next(i + 1);
        };
        if (waits) this.#parts.environment.after(each.wait * this.#parts.timeScale, goOn);
        else goOn();
        return;
      }
      this.#parts.tell(stage, subject);
      if (each === 'tell') next(i + 1);
      else if ('header' in each) {
        header?.(...each.header);
        next(i + 1);
      } else if ('fail' in each) then({ kind: 'fail', code: each.fail, message: each.message });
      else if ('refuse' in each) then({ kind: 'refuse', status: each.refuse });
      else then({ kind: 'close', code: each.close, reason: each.reason });
    };
    next(0);
  }
}
