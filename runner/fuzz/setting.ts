import type { Scenario } from './scenario.ts';
import type { Words } from './words.ts';

/** How the ends of a scenario are set up, and what may happen to them. */
export interface ChosenSetting {
  readonly setting: Words['settings'][number];
  /** Whether the network is disturbed: not where the ends lack what bridges that. */
  readonly disturbed: boolean;
  /** Whether an outage comes that no session survives. */
  readonly deadly: boolean;
}

/** Chooses among the settings whose features the ends have. Throws where none is left for a scenario in which nothing goes wrong. */
export function settingOf({ commands, setting }: Scenario, words: Words, has: (feature: string) => boolean): ChosenSetting {
  const does = (...kinds: readonly Scenario['commands'][number]['do'][]): boolean => commands.some((command) => kinds.includes(command.do));
  const hostile = does('tamper', 'interject', 'forge');
  const deadly = does('outage') && words.features.outage.every(has);
  const usable = words.settings.filter(({ needs, civil }) => needs.every(has) && !(hostile && civil));
  const lasting = usable.filter(({ calm }) => !calm);
  const disturbed = (does('disturb') || deadly) && (hostile || lasting.length > 0);
  const fit = disturbed && !hostile ? lasting : usable;
  const chosen = fit[setting % fit.length];
  if (chosen === undefined) throw new Error('fuzz.yaml: there is no setting for what needs no feature, or is hostile');
  return { setting: chosen, disturbed, deadly: deadly && disturbed };
}
