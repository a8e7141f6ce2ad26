import * as z from 'zod';
import { inAnyWords } from './old-words.ts';

/**
 * The words in which an implementation is driven, by the runner: as JSON-RPC 2.0 lines for a process (docs/adapters.md),
 * as plain calls for a reference peer. Values inside `init`, `request`, `metadata` and `result` are tagged (value.ts).
 */

/** Names of timers and budgets to ms or counts; already scaled. Names are the protocol's own. */
export const timers = z.record(z.string(), z.number().nonnegative()).describe('Protocol timers in ms (and counts), already scaled.');

/** Handshake metadata a client's constructor gives, one value per handshake; the last repeats. `$throw` makes it fail. */
export const metadata = z
  .array(z.unknown())
  .describe('Values that the metadata constructor returns, one per handshake; the last repeats. {"$throw": "text"} makes it raise.');

/** Number of the control protocol's version; a change that breaks adapters raises it. */
export const CONTROL_VERSION = 1;

/** What an API cannot show although its library does right. */
export const apiShape = z.enum(['result-by-closing', 'one-integer-type', 'one-metadata']);
/** The name of such a shape. */
export type ApiShape = z.infer<typeof apiShape>;

/** `initialize`: the first request to an adapter process. */
export const initializeParams = z.object({
  control: z.int().describe('Version of the control protocol that the runner speaks (1).'),
  protocol: z.string().describe('The protocol under test, e.g. river.'),
});
/** Parameters of `initialize`. */
export type InitializeParams = z.infer<typeof initializeParams>;

/** Answer of `initialize`: who the adapter drives, and what that implementation can do. */
export const initializeResult = inAnyWords(
  z.object({
    control: z.int().describe('Version of the control protocol that the adapter speaks (1).'),
    name: z.string(),
    version: z.string().describe('Version of the implementation that is really loaded, not of the adapter.'),
    language: z.string(),
    protocol: z.string(),
    roles: z.array(z.enum(['client', 'server'])).min(1),
    bindings: z.array(z.string()).min(1).describe('Names of the bindings it can be driven under; `codecs` is taken for it.'),
    features: z
      .array(z.string())
      .describe('What the implementation can do beyond the protocol’s basics; cases that need more are skipped.'),
    concurrency: z.int().positive().describe('How many cases this process can run side by side.'),
    shapes: z
      .array(apiShape)
      .optional()
      .describe(
        'What the API cannot show: result-by-closing (the result of an upload is given only to who closes it), one-integer-type, one-metadata (one value for all handshakes). What asks for more is skipped.',
      ),
    timers: z
      .record(z.string(), z.number().nonnegative())
      .optional()
      .describe(
        'Timers that the library cannot set, and the values they have: ms of wall clock, never scaled, counts as they are. It honours all others.',
      ),
  }),
);
/** Answer of `initialize`. */
export type InitializeResult = z.infer<typeof initializeResult>;

const binding = z.string().describe('Name of the binding: how the protocol is carried.');
const oldBinding = z.string().optional().describe('The same name, for adapters that were written when it was called so; always there.');

/** `connect`: make a client. It dials at its first call, or at once when `eager`. */
export const connectParams = z.object({
  client: z.string().describe('Handle for this client in later calls.'),
  url: z.string().describe('Where to dial.'),
  binding,
  codec: oldBinding,
  clientId: z.string(),
  serverId: z.string(),
  metadata: metadata.optional(),
  timers,
  options: z.record(z.string(), z.unknown()).describe('Protocol options beside the timers, e.g. transparentReconnects: false.'),
  eager: z.boolean().describe('Dial now, without waiting for a call.'),
});
/** Parameters of `connect`. */
export type ConnectParams = z.infer<typeof connectParams>;

/** `invoke`: start a call. Resolves when the call was handed to the implementation, not when it is answered. */
export const invokeParams = z.object({
  client: z.string(),
  call: z.string().describe('Handle for this call in later calls and notifications.'),
  service: z.string(),
  procedure: z.string(),
  kind: z.string().describe('Procedure kind in the protocol’s own word.'),
  init: z.unknown(),
});
/** Parameters of `invoke`. */
export type InvokeParams = z.infer<typeof invokeParams>;

/** `send`: write one request on a call's request side. */
export const sendParams = z.object({ call: z.string(), request: z.unknown() });
/** Parameters of `send`. */
export type SendParams = z.infer<typeof sendParams>;

/** `finish` closes a call's request side; `cancel` abandons the call. */
export const callParams = z.object({ call: z.string() });
/** Parameters of `finish` and `cancel`. */
export type CallParams = z.infer<typeof callParams>;

/** `disconnect`: close the client for good, its pending calls are told. */
export const disconnectParams = z.object({ client: z.string() });
/** Parameters of `disconnect`. */
export type DisconnectParams = z.infer<typeof disconnectParams>;

/** `serve`: start a server that hosts the protocol's standard test services with fresh state. */
export const serveParams = z.object({
  server: z.string().describe('Handle for this server in later calls.'),
  binding,
  codec: oldBinding,
  serverId: z.string(),
  timers,
  options: z.record(z.string(), z.unknown()).describe('Protocol options, e.g. handshake: "token" for the standard metadata check.'),
});
/** Parameters of `serve`. */
export type ServeParams = z.infer<typeof serveParams>;

/** Answer of `serve`. */
export const serveResult = z.object({ url: z.string() });

/** `stop`: end a server, its connections and sessions. */
export const stopParams = z.object({ server: z.string() });
/** Parameters of `stop`. */
export type StopParams = z.infer<typeof stopParams>;

/** What a call read: a value or an error. */
export const appResult = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: z.object({ code: z.string(), message: z.string(), extras: z.unknown().optional() }) }),
]);

/** `message`: the application read one item of a call. */
export const messageParams = z.object({ call: z.string(), result: appResult });
/** `end`: the call is over, nothing more will be read. */
export const endParams = z.object({ call: z.string() });
/** `status`: something happened to a client's or server's session that its API shows. */
export const statusParams = z.object({
  instance: z.string().describe('The client or server handle.'),
  status: z.string().describe('connected, disconnected, session-created, session-destroyed, handshake-failed, retry-exceeded, closed'),
  detail: z.string().optional(),
});
/** `handler`: what a server's handler saw. */
export const handlerParams = z.object({
  server: z.string(),
  service: z.string(),
  procedure: z.string(),
  run: z.string().describe('Distinguishes runs of the same handler: 1, 2, …'),
  event: z.enum(['started', 'request', 'requests-closed', 'cancelled', 'disconnected', 'finished']),
  value: z.unknown().optional(),
});
/** `log`: free text for the report. */
export const logParams = z.object({ message: z.string() });

/** What an implementation tells the runner. */
export interface PeerEvents {
  message(params: z.infer<typeof messageParams>): void;
  end(params: z.infer<typeof endParams>): void;
  status(params: z.infer<typeof statusParams>): void;
  handler(params: z.infer<typeof handlerParams>): void;
  log(params: z.infer<typeof logParams>): void;
}

/** An implementation in the client role. Each call resolves when it was carried out, and rejects with an Error that says why it could not be. */
export interface ClientPeer {
  connect(params: ConnectParams): Promise<void>;
  invoke(params: InvokeParams): Promise<void>;
  send(params: SendParams): Promise<void>;
  finish(params: CallParams): Promise<void>;
  cancel(params: CallParams): Promise<void>;
  disconnect(params: DisconnectParams): Promise<void>;
}

/** An implementation in the server role. */
export interface ServerPeer {
  serve(params: ServeParams): Promise<{ url: string }>;
  stop(params: StopParams): Promise<void>;
}
