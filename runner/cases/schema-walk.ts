import * as z from 'zod';

/**
 * The object, list and other schemas that what stands at the end of a path may be judged by, wrappers and unions opened. `value`
 * is what the schema judges: of alternatives that it names by a member of its own only that one counts.
 */
export function schemasAt(schema: z.core.$ZodType, path: readonly PropertyKey[], value?: unknown): readonly z.core.$ZodType[] {
  const [part, ...rest] = path;
  const opened = open(schema, value);
  if (part === undefined) return opened;
  return opened.flatMap((inner) => {
    if (inner instanceof z.ZodObject) {
      const shape: Readonly<Record<string, z.core.$ZodType>> = inner.shape;
      const member = shape[String(part)];
      return member === undefined ? [] : schemasAt(member, rest, memberOf(value, part));
    }
    if (inner instanceof z.ZodArray) return schemasAt(inner.element, rest, memberOf(value, part));
    if (inner instanceof z.ZodRecord) return schemasAt(inner.valueType, rest, memberOf(value, part));
    return [];
  });
}

/** The keys that an object at the end of a path may have. */
export function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[] = [], value?: unknown): readonly string[] {
  return [...new Set(schemasAt(schema, path, value).flatMap((inner) => (inner instanceof z.ZodObject ? Object.keys(inner.shape) : [])))];
}

function open(schema: z.core.$ZodType, value: unknown): readonly z.core.$ZodType[] {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodPrefault
  ) {
    return open(schema.unwrap(), value);
  }
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const { discriminator } = schema.def;
    const all = schema.options.flatMap((option) => open(option, value));
    const meant = all.filter((option) => isLiteral(option, discriminator, memberOf(value, discriminator)));
    return meant.length > 0 ? meant : all;
  }
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => open(option, value));
  if (schema instanceof z.ZodPipe) return open(schema.in, value);
  return [schema];
}

function isLiteral(option: z.core.$ZodType, key: string, value: unknown): boolean {
  const literal = option instanceof z.ZodObject ? option.shape[key] : undefined;
  return literal instanceof z.ZodLiteral && [...literal.values].some((word) => word === value);
}

function memberOf(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined;
}
