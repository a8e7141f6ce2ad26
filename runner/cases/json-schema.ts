import { z } from 'zod';
import { results } from '../results/result.ts';
import { type CaseLanguage, caseGrammar } from './grammar.ts';

/** A JSON Schema as text, ready to be written to a file. */
export interface SchemaFile {
  /** Path from the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** The schema files that are made from the same source as the parsers' types. */
export function schemaFiles(languages: readonly CaseLanguage[]): readonly SchemaFile[] {
  return [
    ...languages.map((language) => ({
      path: `cases/${language.name}/case.schema.json`,
      text: toText(caseGrammar(language), `A case of the ${language.name} corpus`),
    })),
    { path: 'docs/schemas/results.schema.json', text: toText(results, 'Results of a weir run') },
  ];
}

/** The JSON Schema of what a schema takes in, draft 2020-12. */
export function toText(schema: z.ZodType, title: string): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return `${JSON.stringify({ $schema, title, ...rest }, undefined, 2)}\n`;
}
