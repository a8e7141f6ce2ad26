import * as z from 'zod';
import { isPlainObject } from '../../protocols/common/value.ts';
import { controlSchema, knownFailuresSchema, manifestSchema } from '../adapters/schemas.ts';
import { bundleGrammar, traceHead } from '../bundles/format.ts';
import { recordGrammar } from '../bundles/records.ts';
import { diffReport } from '../compare/grammar.ts';
import { resultLine } from '../results/lines.ts';
import { matrix } from '../results/matrix.ts';
import { results } from '../results/result.ts';
import { caseGrammar } from './grammar.ts';
import type { CaseLanguage } from './language.ts';

/** A JSON Schema as text, ready to be written to a file. */
export interface SchemaFile {
  /** Path from the root of the package. */
  readonly path: string;
  readonly text: string;
}

/** The schema files that are made from the same source as the parsers' types. */
export function schemaFiles(languages: readonly CaseLanguage[]): readonly SchemaFile[] {
  return [
    ...languages.map((language) => {
      const { definitions, schema } = withReferences(jsonSchemaOf(caseGrammar(language), 'Weir case'));
      return file(`cases/${language.name}/case.schema.json`, { ...schema, $defs: definitions });
    }),
    file('docs/schemas/results.schema.json', jsonSchemaOf(results, 'Weir results')),
    file('docs/schemas/results-line.schema.json', jsonSchemaOf(resultLine, 'A line of results.jsonl')),
    file('docs/schemas/matrix.schema.json', jsonSchemaOf(matrix, 'Weir matrix')),
    file('docs/schemas/diff.schema.json', jsonSchemaOf(diffReport, 'Weir diff')),
    file('docs/schemas/bundle.schema.json', jsonSchemaOf(bundleGrammar, 'Weir bundle')),
    file('docs/schemas/trace.schema.json', jsonSchemaOf(traceLine, 'A line of a Weir trace file')),
    file('docs/schemas/control.schema.json', controlSchema()),
    file('docs/schemas/implementation.schema.json', manifestSchema()),
    file('docs/schemas/known-failures.schema.json', knownFailuresSchema()),
  ];
}

/** A line of a trace file: the first is its head, each other one an event. */
const traceLine = z.union([traceHead, recordGrammar]);

function jsonSchemaOf(schema: z.ZodType, title: string): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'ref' });
  return { $schema, title, ...rest };
}

/** Where a `${name}` stands any value may come in its place, and any map may be put together: whatever takes no text takes these too. */
function withReferences(schema: Record<string, unknown>): { readonly schema: Record<string, unknown>; readonly definitions: object } {
  const { $defs, ...rest } = schema;
  const reference = { type: 'string', pattern: REFERENCE, description: 'A value of an axis, or what it brings.' };
  const merged = { type: 'array', items: { anyOf: [{ type: 'object' }, { $ref: '#/$defs/reference' }] } };
  const merge = { type: 'object', properties: { $merge: merged }, required: ['$merge'], additionalProperties: false };
  const definitions = {
    reference,
    merge,
    ...Object.fromEntries(Object.entries($defs ?? {}).map(([name, inner]) => [name, opened(inner)])),
  };
  return { schema: inside(rest), definitions };
}

const REFERENCE = '^\\$\\{[A-Za-z][\\w-]*(\\.[\\w-]+)*\\}$';

/** A schema that takes a reference too. */
function opened(schema: unknown): unknown {
  if (!isPlainObject(schema) || Object.keys(schema).every((key) => key === 'description' || key === '$ref')) return schema;
  const { description, default: usual, ...rest } = inside(schema);
  if (rest['type'] === 'string' && rest['pattern'] === undefined && rest['enum'] === undefined) return inside(schema);
  const open = { anyOf: [rest, { $ref: '#/$defs/reference' }, { $ref: '#/$defs/merge' }] };
  return { ...(description === undefined ? {} : { description }), ...(usual === undefined ? {} : { default: usual }), ...open };
}

/** The same for all that stands inside. What points at a definition finds it opened there; alternatives are opened around. */
function inside(schema: Record<string, unknown>): Record<string, unknown> {
  const mapped = (map: unknown): object => Object.fromEntries(Object.entries(map ?? {}).map(([key, inner]) => [key, opened(inner)]));
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]): [string, unknown] => {
      if (key === 'properties') return [key, mapped(value)];
      if (key === 'items' || key === 'additionalProperties') return [key, opened(value)];
      if (key === 'anyOf' || key === 'oneOf')
        return [key, Array.isArray(value) ? value.map((each) => (isPlainObject(each) ? inside(each) : each)) : value];
      return [key, value];
    }),
  );
}

function file(path: string, schema: Record<string, unknown>): SchemaFile {
  return { path, text: `${JSON.stringify(schema, undefined, 2)}\n` };
}
