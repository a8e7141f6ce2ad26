import { barCell } from '../bar.ts';
import { pageFigures } from '../pages.ts';
import type { Section } from '../section.ts';

/** What a run leaves to be looked at: how large the pages are and how fast. */
export const pagesSection: Section = {
  name: 'pages',
  title: 'The pages',
  perProtocol: false,
  async measure({ quick, protocols: [first] }) {
    const figures = await pageFigures(first?.name ?? '', quick ? 1 : 5);
    return {
      head: ['what', 'value', 'unit', 'bar'],
      rows: figures.map(({ what, value, unit, bar }) => [what, value, unit, barCell({ is: 'at most', value: bar, unit }, value)]),
      values: figures,
    };
  },
};
