import { isPlainObject, toTagged } from '../../common/value.ts';
import type { Desk, Line, Reading } from './teller.ts';

/** The step that makes an application begin the call which an open message begins. Gives its stream a name. */
export function invokeStep(desk: Desk, { message, loose }: Reading, line: Line): Readonly<Record<string, unknown>> | undefined {
  if (message === undefined) return undefined;
  const facts = desk.streams.get(message.streamId);
  if (facts === undefined) return undefined;
  const { procedure, kind } = facts;
  const as = desk.names.name(message.streamId, procedure.slice(procedure.indexOf('.') + 1) || 'call');
  const on = desk.names.client(line.client ?? message.from);
  const known = Object.hasOwn(desk.telling.procedureKinds, procedure);
  const init = loose?.['payload'];
  return {
    invoke: {
      as,
      ...(on === 'main' ? {} : { on }),
      procedure,
      ...(known ? {} : { kind }),
      ...(isPlainObject(init) && Object.keys(init).length === 0 ? {} : { init: toTagged(init) }),
    },
  };
}

/** Whether a payload has metadata, and what it is. */
export function metadataIn(payload: unknown): readonly [unknown] | undefined {
  return isPlainObject(payload) && Object.hasOwn(payload, 'metadata') ? [toTagged(payload['metadata'])] : undefined;
}
