import * as z from 'zod';
import {
  callParams,
  connectParams,
  creditParams,
  disconnectParams,
  endParams,
  finishParams,
  handlerParams,
  initializeParams,
  initializeResult,
  invokeParams,
  logParams,
  messageParams,
  sendParams,
  serveParams,
  serveResult,
  startParams,
  statusParams,
  stopParams,
} from '../../protocols/common/control.ts';
import { knownFailuresGrammar } from './known-failures.ts';
import { manifestGrammar } from './manifest-grammar.ts';

type JsonSchema = Record<string, unknown>;

const empty = z.object({});

/** Requests from the runner to an adapter: parameters and result of each method. */
export const requests = {
  initialize: { params: initializeParams, result: initializeResult },
  connect: { params: connectParams, result: empty },
  invoke: { params: invokeParams, result: empty },
  send: { params: sendParams, result: empty },
  credit: { params: creditParams, result: empty },
  finish: { params: finishParams, result: empty },
  cancel: { params: callParams, result: empty },
  disconnect: { params: disconnectParams, result: empty },
  serve: { params: serveParams, result: serveResult },
  stop: { params: stopParams, result: empty },
  shutdown: { params: empty, result: empty },
} as const;

/** Notifications from an adapter to the runner. */
export const notifications = {
  start: startParams,
  message: messageParams,
  end: endParams,
  status: statusParams,
  handler: handlerParams,
  log: logParams,
} as const;

/** JSON Schema of every message of the control protocol: one line on stdin is `$defs/request`, one on stdout anything else. */
export function controlSchema(): JsonSchema {
  const request = z.union(
    Object.entries(requests).map(([method, { params }]) =>
      z.object({ jsonrpc: z.literal('2.0'), id: z.int(), method: z.literal(method), params }),
    ),
  );
  const notification = z.union(
    Object.entries(notifications).map(([method, params]) => z.object({ jsonrpc: z.literal('2.0'), method: z.literal(method), params })),
  );
  const response = z.union([
    z.object({ jsonrpc: z.literal('2.0'), id: z.int(), result: z.unknown() }),
    z.object({ jsonrpc: z.literal('2.0'), id: z.int(), error: z.object({ code: z.int(), message: z.string() }) }),
  ]);
  const results = Object.fromEntries(Object.entries(requests).map(([method, { result }]) => [`${method}-result`, bare(result)]));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Weir control protocol: one message a line',
    anyOf: [{ $ref: '#/$defs/request' }, { $ref: '#/$defs/notification' }, { $ref: '#/$defs/response' }],
    $defs: { request: bare(request), notification: bare(notification), response: bare(response), ...results },
  };
}

/** JSON Schema of `implementation.yaml`. */
export function manifestSchema(): JsonSchema {
  return { title: 'Weir implementation manifest', ...z.toJSONSchema(manifestGrammar) };
}

/** JSON Schema of `known-failures.yaml`. */
export function knownFailuresSchema(): JsonSchema {
  return { title: 'Weir known failures', ...z.toJSONSchema(knownFailuresGrammar) };
}

function bare(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest;
}
