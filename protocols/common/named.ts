/** What goes by a name, or a handle. Throws an Error that says what there is none of. */
export function named<T>(all: ReadonlyMap<string, T>, what: 'client' | 'server' | 'call', name: string): T {
  const found = all.get(name);
  if (found === undefined) throw new Error(`there is no ${what} "${name}"`);
  return found;
}
