/**
 * What a record that somebody's file gave has under a name, which is theirs, too; undefined where it has nothing of its own: every object
 * answers to `__proto__` and `constructor`.
 */
export function named<T>(record: Readonly<Record<string, T>> | undefined, name: string | undefined): T | undefined {
  return record !== undefined && name !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}
