import type { Entry } from '../model/rows-of-runs.ts';
import type { Page } from '../page.ts';
import { type Address, linkTo } from './address.ts';

/** Where a case-run is opened. */
export function runAddress(page: Page, { set, run }: Pick<Entry, 'set' | 'run'>): Partial<Address> {
  return { run: run.id, set: page.sets.indexOf(set), frame: undefined, side: 'observed', rule: undefined };
}

/** The link that opens a case-run; at a frame, where one is named. */
export function runLink(page: Page, entry: Pick<Entry, 'set' | 'run'>, frame?: number): string {
  return linkTo({ ...runAddress(page, entry), frame });
}

/** The link to a rule and the case-runs that break it. */
export function ruleLink(rule: string): string {
  return linkTo({ view: 'rules', run: undefined, frame: undefined, rule });
}
