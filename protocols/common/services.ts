import { isPlainObject } from './value.ts';

/** The procedures that a parsed services.yaml describes, by name. Throws an Error where it describes none. */
export function describedProcedures(services: unknown): Readonly<Record<string, unknown>> {
  const described = isPlainObject(services) ? services['procedures'] : undefined;
  if (!isPlainObject(described)) throw new Error('services.yaml: `procedures` is a map of all that a server hosts');
  return described;
}

/**
 * Holds what a services.yaml describes and what a server hosts to each other; `unhosted` are described and need no handler. Throws an Error
 * that names what only one of them has.
 */
export function holdToServices(described: Iterable<string>, hosted: Iterable<string>, unhosted: readonly string[] = []): void {
  const [named, handled] = [new Set(described), new Set(hosted)];
  const missing = [...named].filter((name) => !handled.has(name) && !unhosted.includes(name));
  const surplus = [...handled].filter((name) => !named.has(name));
  if (missing.length > 0) throw new Error(`services.yaml: no handler for ${missing.join(', ')}`);
  if (surplus.length > 0) throw new Error(`services.yaml: nothing is said of ${surplus.join(', ')}`);
}
