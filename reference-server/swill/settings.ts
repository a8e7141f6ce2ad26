import * as z from 'zod';
import type { Environment } from '../../protocols/common/environment.ts';
import { ENDPOINT, type Metadata, type Seq } from '../../protocols/swill/frame.ts';
import type { Procedure } from './handler.ts';
import { type Hooks, hooksOption } from './hooks.ts';

/** Options of `serve`. */
export const serverOptions = z.looseObject({
  path: z.string().default(ENDPOINT),
  introspection: z.boolean().default(true),
  /** Names of those that are hosted; without it all are. */
  procedures: z.array(z.string()).optional(),
  hooks: hooksOption,
  timeScale: z.number().default(1),
});
/** Options of `serve`. */
export type ServerOptions = z.infer<typeof serverOptions>;

/** What handlers saw, in the words of the control protocol. */
export type Seen = 'started' | 'request' | 'requests-closed' | 'cancelled' | 'disconnected' | 'finished';

/** What all connections of a server share. */
export interface ServerSettings {
  readonly options: ServerOptions;
  readonly environment: Environment;
  readonly hooks: Hooks;
  readonly procedures: ReadonlyMap<string, Procedure>;
  /** Procedures whose handlers do not run: a script answers. */
  readonly manual: ReadonlySet<string>;
  /** Numbers a run of a procedure. */
  run(rpc: string): string;
  tell(rpc: string, run: string, event: Seen, value?: unknown, metadata?: unknown): void;
}

/** A request, as hooks are told of it. */
export interface RequestName {
  readonly rpc: string;
  readonly seq: Seq;
}

/** No metadata reads as empty (SWILL-META-03). */
export const NO_METADATA: Metadata = {};
