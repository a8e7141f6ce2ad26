import * as z from 'zod';
import { inAnyWords } from './old-words.ts';

/**
 * The words in which an implementation is driven, by the runner: as JSON-RPC 2.0 lines for a process (docs/adapters.md),
 * as plain calls for a reference peer. Values, metadata, options and results are tagged (value.ts).
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

const space = z
  .string()
  .optional()
  .describe(
    'Where a broker stands between the ends, which many share: what every name on it begins with (a key prefix), and nothing else may.',
  );

/** `connect`: make a client. It dials at its first call, or at once when `eager`. */
export const connectParams = z.object({
  client: z.string().describe('Handle for this client in later calls.'),
  url: z.string().describe('Where to dial: a server, or the broker where one stands between the ends.'),
  space,
  binding,
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
  at: z.string().describe('Handle of the instance that calls: a client, or where the protocol lets servers call, a server.'),
  call: z.string().describe('Handle for this call in later calls and notifications.'),
  to: z
    .int()
    .nonnegative()
    .optional()
    .describe(
      'Of a server that calls: on which of the connections that it accepted, from 0 in that order (default: the newest that lives). One that is not there yet is under way: the call starts once it is.',
    ),
  service: z.string().optional().describe('Only where procedures of the protocol belong to services.'),
  procedure: z.string().optional().describe('Absent where the call names none.'),
  kind: z.string().describe('Kind of the call in the protocol’s own word.'),
  value: z.unknown().optional().describe('The value that the call opens with; absent: it opens without one.'),
  metadata: z.unknown().optional().describe('What goes beside the value at the start, in the protocol’s own form.'),
  credit: z.int().optional().describe('How many values the caller takes at first, where the protocol lets it say so.'),
});
/** Parameters of `invoke`. */
export type InvokeParams = z.infer<typeof invokeParams>;

/** `send`: write one value on a call's request side. */
export const sendParams = z.object({ call: z.string(), value: z.unknown(), metadata: z.unknown().optional() });
/** Parameters of `send`. */
export type SendParams = z.infer<typeof sendParams>;

/** `credit`: the reader of a call takes so many values more. */
export const creditParams = z.object({ call: z.string(), n: z.int() });
/** Parameters of `credit`. */
export type CreditParams = z.infer<typeof creditParams>;

const appError = z.object({
  code: z.union([z.string(), z.number()]).describe('The protocol’s own word, or number.'),
  message: z.string(),
  extras: z.unknown().optional(),
  metadata: z.unknown().optional(),
});

/** `finish`: close a call's request side, in order or with an error. */
export const finishParams = z.object({
  call: z.string(),
  metadata: z.unknown().optional(),
  error: appError.optional().describe('Ends the request side with this error instead of in order.'),
});
/** Parameters of `finish`. */
export type FinishParams = z.infer<typeof finishParams>;

/** `cancel`: abandon a call. */
export const callParams = z.object({ call: z.string() });
/** Parameters of `cancel`. */
export type CallParams = z.infer<typeof callParams>;

/** `disconnect`: close the client for good, its pending calls are told. */
export const disconnectParams = z.object({ client: z.string() });
/** Parameters of `disconnect`. */
export type DisconnectParams = z.infer<typeof disconnectParams>;

/** `serve`: start a server that hosts the protocol's standard test services with fresh state. */
export const serveParams = z.object({
  server: z.string().describe('Handle for this server in later calls.'),
  url: z.string().optional().describe('Where the broker is that stands between the ends; absent where the server is to listen.'),
  space,
  binding,
  serverId: z.string(),
  timers,
  options: z.record(z.string(), z.unknown()).describe('Protocol options, e.g. handshake: "token" for the standard metadata check.'),
});
/** Parameters of `serve`. */
export type ServeParams = z.infer<typeof serveParams>;

/** Answer of `serve`. */
export const serveResult = z.object({
  url: z.string().optional().describe('Where it listens; absent where it has dialled a broker.'),
});

/** `stop`: end a server, its connections and sessions. */
export const stopParams = z.object({
  server: z.string(),
  how: z.string().optional().describe('How it ends, in the protocol’s own word; absent: in order.'),
});
/** Parameters of `stop`. */
export type StopParams = z.infer<typeof stopParams>;

/** What a call read: a value or an error. */
export const appResult = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown(), metadata: z.unknown().optional() }),
  z.object({ ok: z.literal(false), error: appError }),
]);

/** `start`: the answer of a call began, with what it carries before its first value. Only where the protocol's answers do. */
export const startParams = z.object({ call: z.string(), metadata: z.unknown().optional() });
/** `message`: the application read one item of a call. */
export const messageParams = z.object({ call: z.string(), result: appResult });
/** `end`: the call is over, nothing more will be read. Never of a kind that does not end. */
export const endParams = z.object({ call: z.string(), metadata: z.unknown().optional() });
/** `status`: something happened to a client's or server's session that its API shows. */
export const statusParams = z.object({
  instance: z.string().describe('The client or server handle.'),
  status: z.string().describe('connected, disconnected, session-created, session-destroyed, handshake-failed, retry-exceeded, closed'),
  detail: z.string().optional(),
});
/** What a handler can see. `credit`: it may answer so many values more; `requests-failed`: the caller ended its side with an error. */
export const handlerEvent = z.enum([
  'started',
  'request',
  'requests-closed',
  'requests-failed',
  'cancelled',
  'disconnected',
  'finished',
  'credit',
]);
/** `handler`: what a handler saw, of a server or, where servers call, of a client. */
export const handlerParams = inAnyWords(
  z.object({
    instance: z.string().describe('Handle of the server or client whose handler it is; `server` is taken for it.'),
    service: z.string().optional().describe('Only where procedures of the protocol belong to services.'),
    procedure: z.string().optional().describe('Absent where calls name none.'),
    run: z.string().describe('Distinguishes runs of the same handler: 1, 2, …'),
    event: handlerEvent,
    value: z.unknown().optional(),
    metadata: z.unknown().optional(),
  }),
  { server: 'instance' },
);
/** `log`: free text for the report. */
export const logParams = z.object({ message: z.string() });

/** What an implementation tells the runner. */
export interface PeerEvents {
  start(params: z.infer<typeof startParams>): void;
  message(params: z.infer<typeof messageParams>): void;
  end(params: z.infer<typeof endParams>): void;
  status(params: z.infer<typeof statusParams>): void;
  handler(params: z.infer<typeof handlerParams>): void;
  log(params: z.infer<typeof logParams>): void;
}

/** What an end can do with calls. Each call resolves when it was carried out, and rejects with an Error that says why it could not be. */
export interface Calling {
  invoke(params: InvokeParams): Promise<void>;
  send(params: SendParams): Promise<void>;
  finish(params: FinishParams): Promise<void>;
  cancel(params: CallParams): Promise<void>;
  /** Absent where the protocol has no credit. */
  credit?(params: CreditParams): Promise<void>;
}

/** An implementation in the client role: it dials. */
export interface ClientPeer extends Calling {
  connect(params: ConnectParams): Promise<void>;
  disconnect(params: DisconnectParams): Promise<void>;
}

/** An implementation in the server role: it listens, or dials the broker that it was told of. What it can do with calls is absent where the protocol lets only clients call. */
export interface ServerPeer extends Partial<Calling> {
  serve(params: ServeParams): Promise<{ url?: string | undefined }>;
  stop(params: StopParams): Promise<void>;
}
