import { fitWords, unfit } from '../faults/fitness.ts';
import type { CaseLanguage } from './language.ts';
import type { Problem } from './problem.ts';
import type { Source } from './source.ts';
import type { PlacedStep } from './steps.ts';

/** Checks that every carrier under which a case is run can do the faults that it asks for. `names`: the bindings it is run under. */
export function checkFaults(
  source: Source,
  steps: readonly PlacedStep[],
  names: readonly string[] | undefined,
  language: Pick<CaseLanguage, 'bindings'>,
): Problem[] {
  const bindings = language.bindings.filter(({ name }) => names === undefined || names.includes(name));
  return steps.flatMap(({ action, path }) => {
    if (action.kind !== 'fault') return [];
    for (const { name, carrier } of bindings) {
      const said = unfit(action.fault, carrier);
      if (said === undefined) continue;
      const able = bindings.filter((each) => unfit(action.fault, each.carrier) === undefined).map((each) => each.name);
      const hint =
        able.length === 0
          ? `it can do ${fitWords(carrier)}`
          : `say \`bindings: [${able.join(', ')}]\`; ${name} can do ${fitWords(carrier)}`;
      const what = `\`${said.word}\` is nothing that ${carrier.name} can do, which carries the binding ${name}`;
      return [source.problem([...path, 'fault', ...said.path], what, hint, 'key')];
    }
    return [];
  });
}
