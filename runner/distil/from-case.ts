import type { Role } from '../../protocols/common/frame.ts';
import { isPlainObject } from '../../protocols/common/value.ts';
import { CorpusError } from '../cases/problem.ts';
import { readSource } from '../cases/source.ts';
import { unfold } from '../cases/unfold.ts';
import type { WrittenCase, WrittenStep } from '../cases/write.ts';
import { faultOf, isBridged, PATIENT_MS, readVariant, type SweepLanguage, type Variant } from '../sweep/derive.ts';
import type { Draft } from './draft.ts';

/** A case-run that was recorded: which case, and the text of its file. */
export interface RunOfCase {
  /** Of one case; of a variant that a sweep derived with its name behind. */
  readonly id: string;
  readonly file: string;
  readonly text: string;
  readonly role: Role;
  readonly binding: string;
}

/**
 * The case of a run, given back: its combination and role filled in, for the one binding it was run under; of a sweep the variant.
 * Throws a `CorpusError` where the text is no case of that id.
 */
export function draftFromCase({ id, file, text, role, binding }: RunOfCase, protocol: SweepLanguage): Draft {
  const [base = id, name] = id.split('~');
  const read = readSource(file, text);
  if (!read.ok) throw new CorpusError(read.problems);
  const { value } = read.source;
  const axes = isPlainObject(value) && isPlainObject(value['axes']) ? Object.keys(value['axes']).filter((axis) => axis !== 'except') : [];
  const own = axes.length === 0 ? base : base.split('/').slice(0, -axes.length).join('/');
  const { parts, problems } = unfold(read.source, { id: own, wants: (each) => each === base });
  if (problems.length > 0) throw new CorpusError(problems);
  const fits = (written: unknown): boolean => isPlainObject(written) && rolesIn(written['under-test']).includes(role);
  const part = parts.find(({ source }) => fits(source.value)) ?? parts[0];
  if (part === undefined || !isPlainObject(part.source.value))
    throw new CorpusError([read.source.problem(['axes'], `no combination makes \`${base}\``, undefined, 'key')]);
  const { aliases: _old, codecs: _otherName, steps, expect, ...head } = part.source.value;
  const variant = name === undefined ? undefined : readVariant(name);
  const written: WrittenCase = {
    ...head,
    'under-test': role,
    bindings: [binding],
    steps: Array.isArray(steps) ? steps : [],
    expect: Array.isArray(expect) ? expect : [],
  };
  return { role, binding, written: variant === undefined ? written : swept(written, variant, protocol), notes: [] };
}

function rolesIn(written: unknown): readonly unknown[] {
  return Array.isArray(written) ? written : [written];
}

/** The case with the fault of a sweep in front; see `deriveCase`. */
function swept(written: WrittenCase, variant: Variant, protocol: SweepLanguage): WrittenCase {
  const { steps } = written;
  const isEnding = (step: WrittenStep): boolean => 'end' in step || 'receive' in step || 'start' in step;
  const calls = steps.flatMap(({ end }) => (end === undefined ? [] : [isPlainObject(end) ? end['of'] : end]));
  const followed = !isBridged(protocol, variant.kind)
    ? [...steps.filter((step) => !isEnding(step)), ...calls.map((of) => ({ end: { of, whatever: true, within: PATIENT_MS } }))]
    : steps.map(patient);
  return { ...written, trace: 'free', expect: [], steps: [{ fault: faultOf(variant, protocol.silenceMs ?? 0) }, ...followed] };
}

function patient(step: WrittenStep): WrittenStep {
  const { start, receive, end } = step;
  if (isPlainObject(start)) return { start: { ...start, within: PATIENT_MS } };
  if (isPlainObject(receive)) return { receive: { ...receive, within: PATIENT_MS } };
  if (end === undefined) return step;
  return { end: { ...(isPlainObject(end) ? end : { of: end }), within: PATIENT_MS } };
}
