import type { Calling } from '../../protocols/common/control.ts';
import { type Instance, MAIN, SERVER_NAME } from '../../protocols/common/instance.ts';
import { fromTagged } from '../../protocols/common/value.ts';
import type { Action } from '../cases/step.ts';
import { unlessAbsent } from './absent.ts';
import type { CallRecord } from './board.ts';
import type { Playing, StepOutcome } from './playing.ts';

/** Steps that make the application of an end do something with a call. */
export type CallingAction = Extract<Action, { readonly kind: 'invoke' | 'send' | 'credit' | 'finish' | 'cancel' }>;

/** The instance that a case calls so. */
export function instanceOf({ urls }: Pick<Playing, 'urls'>, name: string): Instance {
  if (name === SERVER_NAME) return { role: 'server', instance: MAIN };
  return { role: urls.has(name) ? 'server' : 'client', instance: name };
}

/** The record of a call that an earlier step made. */
export function callOf(playing: Playing, name: string): CallRecord {
  const call = playing.board.calls.get(name);
  if (call === undefined) throw new Error(`no step before this one invokes "${name}"`);
  return call;
}

/** Makes the application of one end do something with a call. Rejects where the end has no such thing. */
export async function doWithCall(playing: Playing, action: CallingAction): Promise<StepOutcome> {
  const { role } = action.kind === 'invoke' ? instanceOf(playing, action.at) : callOf(playing, action.call);
  return unlessAbsent(role, () => carryOut(playing, action));
}

async function carryOut(playing: Playing, action: CallingAction): Promise<void> {
  const { recorder } = playing.stage;
  if (action.kind === 'invoke') return invoke(playing, action);
  const { role, instance, call } = callOf(playing, action.call);
  switch (action.kind) {
    case 'send': {
      const { value, metadata } = action;
      recorder.application(role, instance, { kind: 'send', call, value: fromTagged(value), ...untagged({ metadata }) });
      return ability(playing, role, 'send')({ call, value, ...given({ metadata }) });
    }
    case 'credit': {
      const { n } = action;
      recorder.application(role, instance, { kind: 'credit', call, n });
      return ability(playing, role, 'credit')({ call, n });
    }
    case 'finish': {
      const { metadata, error } = action;
      const failure = error === undefined ? {} : { error: { ...error, ...untagged({ extras: error.extras, metadata: error.metadata }) } };
      recorder.application(role, instance, { kind: 'finish', call, ...untagged({ metadata }), ...failure });
      return ability(playing, role, 'finish')({ call, ...given({ metadata }), ...(error === undefined ? {} : { error }) });
    }
    case 'cancel':
      recorder.application(role, instance, { kind: 'cancel', call });
      return ability(playing, role, 'cancel')({ call });
  }
}

/** Starts a call. The board knows it before the implementation does, since the first answer may come at once. */
async function invoke(playing: Playing, action: Extract<Action, { kind: 'invoke' }>): Promise<void> {
  const { call, at, to, procedure, procedureKind: kind, value, metadata, credit } = action;
  const { role, instance } = instanceOf(playing, at);
  const id = role === 'client' ? playing.clientIds.get(instance) : undefined;
  const asked = { ...(procedure === undefined ? {} : { procedure }), ...(credit === undefined ? {} : { credit }) };
  const brought = untagged({ value, metadata });
  playing.board.calls.set(call, {
    ...{ call, role, instance, kind, ...asked, ...brought },
    ...(id === undefined ? {} : { id }),
    ...(to === undefined ? {} : { to }),
    items: [],
    received: 0,
    ended: false,
  });
  playing.stage.recorder.application(role, instance, { kind: 'invoke', call, ...asked, ...brought });
  const named = procedure === undefined ? {} : (playing.protocol.namePair?.(procedure) ?? { procedure });
  const numbers = { ...(to === undefined ? {} : { to }), ...(credit === undefined ? {} : { credit }) };
  await ability(playing, role, 'invoke')({ at: instance, call, kind, ...named, ...numbers, ...given({ value, metadata }) });
}

/** What an end can do. Throws an Error where this one cannot: its protocol lets a case ask for it, so it should. */
function ability<K extends keyof Calling>(playing: Playing, role: Instance['role'], what: K): NonNullable<Calling[K]> {
  const end = playing.stage[role];
  const can = end[what];
  if (can === undefined) throw new Error(`the ${role} of this run has no ${what}, though ${playing.protocol.title} lets it have one`);
  return can.bind(end) as NonNullable<Calling[K]>;
}

/** The members that are there. */
function given<K extends string>(members: Readonly<Record<K, unknown>>): Partial<Record<K, unknown>> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<Record<K, unknown>>;
}

/** The members that are there, untagged. */
function untagged<K extends string>(members: Readonly<Record<K, unknown>>): Partial<Record<K, unknown>> {
  return Object.fromEntries(Object.entries(given(members)).map(([key, value]) => [key, fromTagged(value)])) as Partial<Record<K, unknown>>;
}
