import * as z from 'zod';

/** The object, list and other schemas that a value at the end of a path may be judged by, wrappers and unions opened. */
export function schemasAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly z.core.$ZodType[] {
  const [part, ...rest] = path;
  const opened = open(schema);
  if (part === undefined) return opened;
  return opened.flatMap((inner) => {
    if (inner instanceof z.ZodObject) {
      const shape: Readonly<Record<string, z.core.$ZodType>> = inner.shape;
      const member = shape[String(part)];
      return member === undefined ? [] : schemasAt(member, rest);
    }
    if (inner instanceof z.ZodArray) return schemasAt(inner.element, rest);
    if (inner instanceof z.ZodRecord) return schemasAt(inner.valueType, rest);
    return [];
  });
}

/** The keys that an object at the end of a path may have. */
export function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[] = []): readonly string[] {
  return [...new Set(schemasAt(schema, path).flatMap((inner) => (inner instanceof z.ZodObject ? Object.keys(inner.shape) : [])))];
}

function open(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable) return open(schema.unwrap());
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(open);
  if (schema instanceof z.ZodPipe) return open(schema.in);
  return [schema];
}
