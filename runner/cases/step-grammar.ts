import * as z from 'zod';
import { handlerEvent } from '../../protocols/common/control.ts';
import { SERVER_NAME } from '../../protocols/common/instance.ts';
import { faultGrammar } from '../faults/fault.ts';
import { LONGEST_WAIT_MS } from '../longest-timer.ts';
import { toxicGrammar } from '../toxics/toxic.ts';
import {
  after,
  beside,
  DEFAULT_WITHIN_MS,
  errorGiven,
  errorPattern,
  metadata,
  name,
  options,
  requirement,
  timers,
  value,
  within,
} from './grammar-words.ts';
import type { CaseLanguage } from './language.ts';

/** Grammar of steps. Each has one key; every step that waits has a bound (`within`, nominal ms, default `DEFAULT_WITHIN_MS`). */

/** What can happen to a broker as a whole, in the words of cases. */
export const OUTAGES = ['down', 'up', 'restart', 'freeze', 'thaw'] as const;

const end = z.strictObject({
  of: name,
  error: errorPattern.optional().describe('The error that must be the last item read, if any.'),
  metadata,
  whatever: z.literal(true).optional().describe('That it ends is all that counts, whatever was read before.'),
  within,
  requirement,
});

const stop = z.strictObject({ of: name, how: z.string().optional().describe('How, in the protocol’s own word; without it in order.') });

const finish = z.strictObject({ of: name, metadata: beside, error: errorGiven.optional() });

const brokerName = z
  .union([z.strictObject({ $space: z.string() }), z.strictObject({ $bytes: z.string() })])
  .describe('A name that begins as all of this run do, or bytes in base64.');

/** The steps that mean the same in every protocol: all but `fault`, `await`, `quiet`, `peer` and `repeat`. */
const plainSteps = {
  connect: z
    .strictObject({
      as: name.default('main').describe('Handle of the client (default main).'),
      'client-id': z.string().optional(),
      'server-id': z.string().optional(),
      metadata: z
        .array(value)
        .optional()
        .describe('Values of the metadata constructor, one per handshake; the last repeats; {"$throw": "text"} makes it fail.'),
      timers: timers.optional().describe('Overrides of the protocol’s timers, nominal.'),
      options: options.optional(),
      eager: z.boolean().default(true).describe('Dial now (default); false: at the first call.'),
      to: name.optional().describe(`Which server (default: ${SERVER_NAME}, the one that is there without a step).`),
    })
    .describe(
      'Make a client, or make one that exists dial now (with nothing but `as`). Without this step a client named main exists with the protocol’s defaults and dials at its first call.',
    ),
  serve: z
    .strictObject({
      as: name.describe('Handle of the server.'),
      'server-id': z.string().optional(),
      timers: timers.optional().describe('Overrides of the protocol’s timers, nominal.'),
      options: options.optional(),
      fails: z.literal(true).optional().describe('It must not start: whoever starts it is told an error.'),
    })
    .describe('Start a further server, where the protocol lets a case have several.'),
  stop: z.union([name.transform((of): z.infer<typeof stop> => ({ of })), stop]).describe('End a server, its connections and sessions.'),
  invoke: z.strictObject({
    as: name,
    at: name
      .optional()
      .describe(`Which client, or where servers call which server (${SERVER_NAME} is the one that is there without a step); default main.`),
    on: name.optional().describe('Another name of `at`.'),
    to: z
      .int()
      .nonnegative()
      .optional()
      .describe('Of a server that calls: on which of the connections it accepted, from 0 (default: the newest).'),
    procedure: z.string().optional(),
    kind: z.string().optional().describe('Needed only where services.yaml does not say it.'),
    value: value.optional().describe('The opening value, tagged where JSON has no form for it.'),
    init: value.optional().describe('Another name of `value`.'),
    metadata: beside,
    credit: z.int().optional().describe('How many values the caller takes at first.'),
  }),
  send: z.strictObject({
    to: name,
    value: value.optional().describe('The value, tagged where JSON has no form for it.'),
    request: value.optional().describe('Another name of `value`.'),
    metadata: beside,
  }),
  credit: z.strictObject({ of: name, n: z.int() }).describe('The reader of a call takes so many values more.'),
  start: z.strictObject({ of: name, metadata, within, requirement }).describe('The answer of the call began, before its first value.'),
  receive: z
    .strictObject({
      from: name,
      ok: value.optional().describe('Pattern of the value.'),
      metadata,
      error: errorPattern.optional(),
      within,
      requirement,
    })
    .describe('The next thing the application reads from the call; with both `ok` and `error` it may be either.'),
  finish: z
    .union([name.transform((of): z.infer<typeof finish> => ({ of })), finish])
    .describe('Close the call’s request side, in order or with an error.'),
  end: z
    .union([name.transform((of): z.infer<typeof end> => ({ of, within: DEFAULT_WITHIN_MS })), end])
    .describe('The call ends; what was read and not received before this is a failure (except `error`).'),
  cancel: name.describe('Abandon the call.'),
  disconnect: name.describe('Close the client for good.'),
  status: z
    .strictObject({
      of: name.default('main').describe(`The client (default main), or the server (${SERVER_NAME}).`),
      is: z.string(),
      detail: value.optional(),
      within,
      requirement,
    })
    .describe('Wait for a status that the implementation’s API shows.'),
  handler: z
    .strictObject({
      at: name.optional().describe('Whose handler: a server, or where servers call a client (default: any).'),
      procedure: z.string().optional(),
      event: handlerEvent,
      value: value.optional(),
      metadata,
      within,
      requirement,
    })
    .describe('Wait until a handler saw this.'),
  closed: z
    .strictObject({
      by: z.enum(['client', 'server', 'broker', 'proxy']).optional(),
      code: value.optional(),
      connection: z.int().nonnegative().optional(),
      'if-opened': z
        .literal(true)
        .optional()
        .describe('Holds at once where no such connection has been opened: for what an end may refuse before it dials, too.'),
      after,
      within,
      requirement,
    })
    .describe('Wait until a connection is ended (by that end). Each ending is used once.'),
  opened: z
    .strictObject({
      after,
      apart: z
        .strictObject({ min: z.number().nonnegative().optional(), max: z.number().positive().optional() })
        .optional()
        .describe('Bounds of the distance to the connection before it, nominal ms, both included.'),
      within,
      requirement,
    })
    .describe('Wait for the next connection. Each is used once.'),
  broker: z
    .union([
      z
        .enum(OUTAGES)
        .describe(
          'down: it is killed, connections end, and what it kept is lost; up: it is there again, empty; restart: both; freeze: it answers nothing, though connections stay and come to be; thaw: it goes on.',
        ),
      z.strictObject({
        ask: z
          .array(z.union([z.string(), z.number(), brokerName]))
          .min(1)
          .describe('A command on the harness’s own connection to the broker; {"$space": ":x"} is a name of this run.'),
        is: value.optional().describe('Pattern of the answer; asked again until it fits.'),
        within,
        requirement,
      }),
    ])
    .describe(
      'Ask the broker between the ends for something, of which no trace shows anything, or let something happen to all of it. For what reaches beyond the names of the run it has a broker of its own.',
    ),
  toxic: toxicGrammar,
};

function wireSteps(wire: z.ZodType) {
  return {
    fault: faultGrammar(wire),
    await: z
      .strictObject({ wire, times: z.int().positive().default(1), after, within, requirement })
      .describe('Wait for a frame sent (by `from`). Each frame is used once per direction, in order; earlier unclaimed frames count.'),
    quiet: z
      .strictObject({
        for: z.number().positive().max(LONGEST_WAIT_MS).describe('Nominal ms.'),
        no: z
          .union([wire, z.array(wire)])
          .optional()
          .describe('Frames that must not be sent meanwhile (nor since the last waiting step saw the wire).'),
        calls: z.array(name).optional().describe('Calls that must read nothing and not end meanwhile.'),
        'no-connection': z.literal(true).optional().describe('No connection may be opened meanwhile.'),
        'no-close': z.literal(true).optional().describe('No connection may end meanwhile.'),
        'no-handler': z.string().optional().describe('This procedure’s handler must see nothing meanwhile.'),
        requirement,
      })
      .describe('Let a stated time pass in which something must not happen.'),
  };
}

/** The schema of what stands behind each step key, `peer` and `repeat` aside. */
export function stepSchemas(language: CaseLanguage) {
  return { ...plainSteps, ...wireSteps(language.wirePattern) };
}

/** What each kind of step says once it was parsed: defaults filled in, values still tagged. */
export type StepArguments = {
  readonly [K in keyof ReturnType<typeof stepSchemas>]: z.infer<ReturnType<typeof stepSchemas>[K]>;
};
