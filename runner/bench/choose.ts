import type { Section } from './section.ts';

/** What is to be measured. */
export interface Chosen {
  readonly sections: readonly Section[];
  /** Names of protocols. */
  readonly protocols: readonly string[];
}

/**
 * Sections and protocols by the names in `--only`: of either those that are named, all where none is. Sections that say nothing of a single
 * protocol are left out where only protocols are named. Throws an Error for a name that is neither.
 */
export function choose(only: readonly string[], sections: readonly Section[], protocols: readonly string[]): Chosen {
  const names = [...sections.map(({ name }) => name), ...protocols];
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`--only takes ${names.join(', ')}, not ${JSON.stringify(unknown)}`);
  const named = sections.filter(({ name }) => only.includes(name));
  const spoken = protocols.filter((name) => only.includes(name));
  const each = spoken.length === 0 ? sections : sections.filter(({ perProtocol }) => perProtocol);
  return { sections: named.length === 0 ? each : named, protocols: spoken.length === 0 ? protocols : spoken };
}
