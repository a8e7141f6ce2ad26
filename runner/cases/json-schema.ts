import * as z from 'zod';
import { controlSchema, knownFailuresSchema, manifestSchema } from '../adapters/schemas.ts';
import { results } from '../results/result.ts';
import { type CaseLanguage, caseGrammar } from './grammar.ts';

/** A JSON Schema as text, ready to be written to a file. */
export interface SchemaFile {
  /** Path from the root of the package. */
  readonly path: string;
  readonly text: string;
}

/** The schema files that are made from the same source as the parsers' types. */
export function schemaFiles(languages: readonly CaseLanguage[]): readonly SchemaFile[] {
  return [
    ...languages.map((language) => file(`cases/${language.name}/case.schema.json`, jsonSchemaOf(caseGrammar(language), 'Weir case'))),
    file('docs/schemas/results.schema.json', jsonSchemaOf(results, 'Weir results')),
    file('docs/schemas/control.schema.json', controlSchema()),
    file('docs/schemas/implementation.schema.json', manifestSchema()),
    file('docs/schemas/known-failures.schema.json', knownFailuresSchema()),
  ];
}

function jsonSchemaOf(schema: z.ZodType, title: string): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'ref' });
  return { $schema, title, ...rest };
}

function file(path: string, schema: Record<string, unknown>): SchemaFile {
  return { path, text: `${JSON.stringify(schema, undefined, 2)}\n` };
}
