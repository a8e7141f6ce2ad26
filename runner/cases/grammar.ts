import * as z from 'zod';
import { axesSchema, picks } from './axes-grammar.ts';
import { options, range, requirement, timers } from './grammar-words.ts';
import type { CaseLanguage } from './language.ts';
import { stepSchemas } from './step-grammar.ts';

/** Grammar of case files. Types, parser and JSON Schema come from here and from the grammar of steps. */

/** The schema of one line of `expect`. */
export function expectationSchema(wire: z.ZodType) {
  return z
    .strictObject({
      wire: wire.optional().describe('Frames that were sent during the whole run.'),
      times: range.optional().describe('How many (default: at least one).'),
      order: z.array(wire).min(2).optional().describe('Frames that were sent in this order (others may stand between).'),
      connections: range.optional().describe('How many connections were opened.'),
      requirement,
    })
    .describe('One of wire, order, connections.');
}

/** One line of `expect`, as written. */
export type ExpectationArguments = z.infer<ReturnType<typeof expectationSchema>>;

const role = z.enum(['client', 'server']);

/** The roles under test. */
export const underTest = z
  .union([role, z.array(role).min(1), z.partialRecord(role, z.record(z.string(), z.unknown()))])
  .describe(
    'The role, or roles, to run this for; the other end is the reference peer. A map says what each role brings for $' + '{role.…}.',
  );

/** The schema of a case, with `steps` and `expect` left for others to judge. */
export const caseHead = z.strictObject({
  title: z.string().min(8).describe('One sentence: what a conforming implementation does.'),
  requirements: z.array(z.string()).min(1),
  tags: z.array(z.string()).default([]),
  aliases: z
    .union([z.array(z.string()), z.record(z.string(), picks)])
    .default([])
    .describe('Ids this case had before; with axes also id → the combinations that had it.'),
  axes: axesSchema.optional(),
  'under-test': underTest,
  needs: z.array(z.string()).default([]).describe('Features the implementation must declare; else the case is skipped (features.yaml).'),
  bindings: z.array(z.string()).min(1).optional().describe('Only these bindings (default: all).'),
  codecs: z.array(z.string()).min(1).optional().describe('Another name of `bindings`.'),
  server: z
    .strictObject({
      'server-id': z.string().optional(),
      timers: timers.default({}),
      options: options.default({}),
      absent: z
        .literal(true)
        .optional()
        .describe('No server is there but those that steps start; only where a broker stands between the ends.'),
    })
    .default({ timers: {}, options: {} })
    .describe('How the server is set up.'),
  steps: z.array(z.unknown()).min(1),
  expect: z.array(z.unknown()).default([]),
  trace: z
    .enum(['equivalent', 'free'])
    .default('equivalent')
    .describe('Whether the wire must agree with the golden trace (default equivalent).'),
  public: z
    .literal(true)
    .optional()
    .describe('What it trusts its ends with is made up: no report masks it. Of cases of the corpus that is taken for granted.'),
  note: z.string().optional().describe('Why the case is as it is.'),
});

/** A schema that accepts objects with exactly one of these keys. */
function oneKey(schemas: Readonly<Record<string, z.ZodType>>) {
  const options: z.ZodType[] = Object.entries(schemas).map(([key, schema]) => z.strictObject({ [key]: schema }));
  return z.union(options);
}

/** The schema of `repeat`; its steps are judged one by one after `${i}` was filled in. */
export const repeatSchema = z
  .strictObject({
    times: z.int().positive(),
    as: z
      .string()
      .regex(/^\w+$/)
      .default('i')
      .describe(
        'Variable that counts from 0 (default i). In strings $' + '{i} stands for it; a string that is nothing else becomes the number.',
      ),
    steps: z.array(z.unknown()).min(1),
  })
  .describe('The same steps several times.');

/** The whole grammar of a protocol's case files as one schema: what editors are given. */
export function caseGrammar(language: CaseLanguage) {
  const peer = z
    .union([language.peerScript.client, language.peerScript.server])
    .describe('Make the end that is not under test do something by hand.');
  const simple = { ...stepSchemas(language), peer };
  const simpleStep = oneKey(simple);
  const repeat = repeatSchema.extend({ steps: z.array(simpleStep).min(1) });
  const step = oneKey({ ...simple, repeat }).describe('Exactly one key.');
  return caseHead.extend({ steps: z.array(step).min(1), expect: z.array(expectationSchema(language.wirePattern)).optional() });
}
