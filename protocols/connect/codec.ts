/** How messages are written. */
export type Codec = 'proto' | 'json';

/** The codec that this end knows by that name. */
export function codecNamed(name: string): Codec | undefined {
  return name === 'proto' || name === 'json' ? name : undefined;
}
