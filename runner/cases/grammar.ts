import { z } from 'zod';
import type { Protocol } from '../../protocols/common/protocol.ts';
import { faultGrammar } from '../faults/fault.ts';

/**
 * Grammar of case files. Types, parser and JSON Schema come from here. Steps have one key each; every step that waits
 * has a bound (`within`, nominal ms, default `DEFAULT_WITHIN_MS`). All times are nominal: in the protocol's own default timers.
 */

/** Default bound of a waiting step, nominal ms. */
export const DEFAULT_WITHIN_MS = 4000;

const name = z
  .string()
  .regex(/^[A-Za-z][\w-]*(\$\{\w+\})?[\w-]*$/)
  .describe('A name of your choosing.');
const within = z.number().positive().optional().describe(`Longest wait in nominal ms (default ${DEFAULT_WITHIN_MS}).`);
const requirement = z.string().optional().describe('The requirement this step judges (default: the first of the case).');
const range = z.union([
  z.int().nonnegative(),
  z.strictObject({ min: z.int().nonnegative().optional(), max: z.int().nonnegative().optional() }),
]);
const value = z.unknown();

const errorPattern = z.strictObject({ code: value.optional(), message: value.optional(), extras: value.optional() });

/** The steps that mean the same in every protocol, without `fault`, `peer` and `repeat`. */
const plainSteps = {
  connect: z
    .strictObject({
      as: name.optional().describe('Handle of the client (default main).'),
      'client-id': z.string().optional(),
      'server-id': z.string().optional(),
      metadata: z
        .array(value)
        .optional()
        .describe('Values of the metadata constructor, one per handshake; {"$throw": "text"} makes it fail.'),
      timers: z.record(z.string(), z.number()).optional().describe('Overrides of the protocol’s timers, nominal.'),
      options: z.record(z.string(), value).optional(),
      eager: z
        .boolean()
        .optional()
        .describe('Dial now (default true for this step; without any connect step clients dial at their first call).'),
    })
    .describe('Make a client. Without this step a client named main exists with the protocol’s defaults.'),
  invoke: z.strictObject({
    as: name,
    on: name.optional().describe('Which client (default main).'),
    procedure: z.string().regex(/^[^.]*\..*$/),
    kind: z.string().optional().describe('Needed only for procedures that services.yaml does not have.'),
    init: value.optional().describe('Default {}.'),
  }),
  send: z.strictObject({ to: name, request: value }),
  receive: z
    .strictObject({
      from: name,
      ok: value.optional().describe('Pattern of the value.'),
      error: errorPattern.optional(),
      within,
      requirement,
    })
    .describe('The next thing the application reads from the call.'),
  finish: name.describe('Close the call’s request side.'),
  end: z
    .union([
      name,
      z.strictObject({
        of: name,
        error: errorPattern.optional().describe('The error that must be the last item read, if any.'),
        within,
        requirement,
      }),
    ])
    .describe('The call ends; what was read and not received before this is a failure (except `error`).'),
  cancel: name.describe('Abandon the call.'),
  disconnect: name.describe('Close the client for good.'),
  status: z
    .strictObject({ of: name.optional(), is: z.string(), detail: value.optional(), within, requirement })
    .describe('Wait for a status that the implementation’s API shows.'),
  handler: z
    .strictObject({
      procedure: z.string(),
      event: z.enum(['started', 'request', 'requests-closed', 'cancelled', 'disconnected', 'finished']),
      value: value.optional(),
      within,
      requirement,
    })
    .describe('Wait until the server’s handler saw this.'),
  closed: z
    .strictObject({
      by: z.enum(['client', 'server', 'proxy']).optional(),
      code: value.optional(),
      connection: z.int().nonnegative().optional(),
      after: z.number().optional().describe('Not sooner than this, nominal ms after the step began.'),
      within,
      requirement,
    })
    .describe('Wait until a connection is ended (by that end). Each ending is used once.'),
  opened: z
    .strictObject({ after: z.number().optional(), within, requirement })
    .describe('Wait for the next connection. Each is used once.'),
};

/** Builds the whole grammar of a protocol's cases. */
export function caseGrammar(protocol: Protocol) {
  const wire = protocol.wirePattern;
  const fault = faultGrammar(wire);
  const await_ = z
    .strictObject({
      wire,
      times: z.int().positive().optional(),
      after: z.number().optional().describe('Not sooner than this, nominal ms after the step began.'),
      within,
      requirement,
    })
    .describe('Wait for a frame sent (by `from`). Each frame is used once per direction, in order; earlier unclaimed frames count.');
  const quiet = z
    .strictObject({
      for: z.number().positive().describe('Nominal ms.'),
      no: z
        .union([wire, z.array(wire)])
        .optional()
        .describe('Frames that must not be sent meanwhile (nor, since the last awaited frame, before).'),
      calls: z.array(name).optional().describe('Calls that must read nothing and not end meanwhile.'),
      'no-connection': z.literal(true).optional().describe('No connection may be opened meanwhile.'),
      'no-close': z.literal(true).optional().describe('No connection may end meanwhile.'),
      'no-handler': z.string().optional().describe('This procedure’s handler must see nothing meanwhile.'),
      requirement,
    })
    .describe('Let a stated time pass in which something must not happen.');
  const peer = z
    .union([protocol.peerScript.client, protocol.peerScript.server])
    .describe('Make the end that is not under test do something by hand.');
  const simple = { ...plainSteps, fault, await: await_, quiet, peer };
  const simpleStep = z.strictObject(Object.fromEntries(Object.entries(simple).map(([key, schema]) => [key, schema.optional()])));
  const repeat = z
    .strictObject({
      times: z.int().positive(),
      as: z.string().optional().describe('Variable that counts from 0; `${i}` in strings, a whole string `${i}` becomes the number.'),
      steps: z.array(simpleStep),
    })
    .describe('The same steps several times.');
  const step = z.strictObject({ ...simpleStep.shape, repeat: repeat.optional() }).describe('Exactly one key.');
  const expectation = z
    .strictObject({
      wire: wire.optional().describe('Frames that were sent during the whole run.'),
      times: range.optional().describe('How many (default: at least one).'),
      order: z.array(wire).optional().describe('Frames that were sent in this order (others may stand between).'),
      connections: range.optional().describe('How many connections were opened.'),
      requirement,
    })
    .describe('One of wire, order, connections.');
  return z.strictObject({
    title: z.string().min(8).describe('One sentence: what a conforming implementation does.'),
    requirements: z.array(z.string()).min(1),
    tags: z.array(z.string()).optional(),
    aliases: z.array(z.string()).optional().describe('Ids this case had before.'),
    'under-test': z.union([z.enum(['client', 'server']), z.array(z.enum(['client', 'server'])).min(1)]),
    needs: z.array(z.string()).optional().describe('Features the implementation must declare; else the case is skipped.'),
    codecs: z.array(z.string()).optional().describe('Only these codecs (default: all).'),
    server: z
      .strictObject({ timers: z.record(z.string(), z.number()).optional(), options: z.record(z.string(), value).optional() })
      .optional()
      .describe('How the server is set up.'),
    steps: z.array(step).min(1),
    expect: z.array(expectation).optional(),
    trace: z.enum(['equivalent', 'free']).optional().describe('Whether the wire must agree with the golden trace (default equivalent).'),
    note: z.string().optional().describe('Why the case is as it is.'),
  });
}
