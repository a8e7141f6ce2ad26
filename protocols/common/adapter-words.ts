import type { Role } from './frame.ts';

/** A word that one end, or either, has. */
export interface RoleWord {
  readonly role: Role | 'both';
  /** What it means, in Markdown. */
  readonly text: string;
}

/** What a protocol puts into the messages between the runner and an adapter, for people who write one; `docs/adapters.md` lists it. */
export interface AdapterWords<T extends string = string> {
  /** Each timer and count: what it is. */
  readonly timers: Readonly<Record<T, string>>;
  /** Members of `options`, of `connect` (client) and of `serve` (server). */
  readonly options: Readonly<Record<string, RoleWord>>;
  /** Values of `status`. */
  readonly statuses: Readonly<Record<string, RoleWord>>;
  /** What `detail` of a status holds, where it holds anything; a sentence. */
  readonly detail: string;
  /** How the protocol's names, values, metadata and errors are written, where that is not plain; sentences in Markdown. */
  readonly forms?: string;
}

/** The option `timeScale`, where handlers of the standard services wait and nothing else hangs on it. */
export const TIME_SCALE: RoleWord = {
  role: 'both',
  text: 'the factor by which the timers were scaled; what handlers of `services.yaml` wait is nominal and scaled by it',
};
