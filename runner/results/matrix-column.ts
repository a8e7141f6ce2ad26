import type { MatrixRow } from './matrix.ts';

/** What a row is called beside its implementation's title: the name of the version in the manifest, since several may try one version in several ways (`0.1.9-object`); its version where it has none. */
export function columnOf({ id, name, version }: Pick<MatrixRow, 'id' | 'name' | 'version'>): string {
  return id.startsWith(`${name}@`) ? id.slice(name.length + 1) : version;
}
