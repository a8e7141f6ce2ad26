import type { Carrier } from './carrier.ts';

/**
 * A named way in which a protocol is carried: what makes frames of bytes, and where there is a choice how messages are
 * written into them. River's bindings are its codecs.
 */
export interface Binding {
  /** As runs, manifests and cases name it: letters, digits and `-`. */
  readonly name: string;
  /** What makes frames of its bytes. */
  readonly carrier: Carrier;
  /** How messages are written, in the protocol's own word; absent where there is no choice. */
  readonly encoding?: string;
}

/** Which bindings must behave alike, and the rule that says so. */
export interface Equivalence {
  readonly requirement: string;
  /** Names of bindings; the first of a group is the measure for the others. */
  readonly groups: readonly (readonly string[])[];
}

/** The names of a protocol's bindings, in its order. */
export function bindingNames({ bindings }: { readonly bindings: readonly Binding[] }): string[] {
  return bindings.map(({ name }) => name);
}

/** The binding of that name. Throws an Error that names those there are. */
export function bindingOf(protocol: { readonly bindings: readonly Binding[] }, name: string): Binding {
  const binding = protocol.bindings.find((each) => each.name === name);
  if (binding === undefined) throw new Error(`there is no binding ${JSON.stringify(name)}; there is ${bindingNames(protocol).join(', ')}`);
  return binding;
}
