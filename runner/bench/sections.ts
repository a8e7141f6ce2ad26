import type { Section } from './section.ts';
import { callsSection } from './sections/calls.ts';
import { corpusSection } from './sections/corpus.ts';
import { growthSection } from './sections/growth.ts';
import { packageSection } from './sections/package.ts';
import { pagesSection } from './sections/pages.ts';
import { proxySection } from './sections/proxy.ts';
import { shellSection } from './sections/shell.ts';
import { spawnedSection } from './sections/spawned.ts';
import { suiteSection } from './sections/suite.ts';

/** All of the benchmark, in the order in which it is measured. */
export const sections: readonly Section[] = [
  shellSection,
  packageSection,
  corpusSection,
  suiteSection,
  spawnedSection,
  proxySection,
  callsSection,
  pagesSection,
  growthSection,
];
