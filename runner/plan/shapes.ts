import type { CallLanguage } from '../../protocols/common/call-kind.ts';
import type { ApiShape } from '../../protocols/common/control.ts';
import { isPlainObject } from '../../protocols/common/value.ts';
import type { LoadedCase } from '../cases/case.ts';
import type { Action } from '../cases/step.ts';

/** Why an API of these shapes cannot show what the case asks for; undefined where it can. `kinds`: the protocol's. */
export function beyondShapes(loaded: LoadedCase, shapes: readonly ApiShape[], kinds: CallLanguage['kinds']): string | undefined {
  for (const shape of shapes) {
    if (!BEYOND[shape](loaded, kinds)) continue;
    return REASONS[shape];
  }
  return undefined;
}

const REASONS: Readonly<Record<ApiShape, string>> = {
  'result-by-closing': 'gives the result of such a call only to who closes its request side, and the case reads it before',
  'one-integer-type': 'has one type for integers of every size, and the case tells a big integer from a number',
  'one-metadata': 'sends one metadata value with every handshake, and the case changes it',
};

const BEYOND: Readonly<Record<ApiShape, (loaded: LoadedCase, kinds: CallLanguage['kinds']) => boolean>> = {
  'result-by-closing': readsBeforeFinish,
  'one-integer-type': ({ steps }) =>
    steps.some(({ action }) => holdsSmallBigint(action) || (LOOKS.has(action.kind) && holdsLargeNumber(action))),
  'one-metadata': ({ steps }) => steps.some(({ action }) => action.kind === 'connect' && (action.metadata?.length ?? 0) > 1),
};

function readsBeforeFinish({ steps }: LoadedCase, kinds: CallLanguage['kinds']): boolean {
  const open = new Set<string>();
  for (const { action } of steps) {
    if (action.kind === 'invoke' && kinds[action.procedureKind]?.singleResult === true) open.add(action.call);
    else if (action.kind === 'finish' || action.kind === 'cancel') open.delete(action.call);
    else if ((action.kind === 'receive' || action.kind === 'end') && open.has(action.call)) return true;
  }
  return false;
}

/** Steps that say what must have come back. */
const LOOKS = new Set<Action['kind']>(['receive', 'end', 'await']);

/** From here on JSON writes a whole number with an exponent, which no language reads as an integer. */
const WRITTEN_WITH_EXPONENT = 1e21;

/** A whole number beyond 53 bits that is no big integer: as digits it is one where there is one type alone. */
function holdsLargeNumber(value: unknown): boolean {
  if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < WRITTEN_WITH_EXPONENT;
  if (Array.isArray(value)) return value.some(holdsLargeNumber);
  return isPlainObject(value) && Object.values(value).some(holdsLargeNumber);
}

function holdsSmallBigint(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsSmallBigint);
  if (!isPlainObject(value)) return false;
  const digits = value['$bigint'];
  if (typeof digits === 'string' && /^-?\d{1,15}$/.test(digits)) return true;
  return Object.values(value).some(holdsSmallBigint);
}
