import type { Handler } from '../handler.ts';
import type { Catalogue } from '../services.ts';
import { binaryFile } from './binary-file.ts';
import { cancel } from './cancel.ts';
import { control } from './control.ts';
import { echo } from './echo.ts';
import { fallible } from './fallible.ts';
import { handshake } from './handshake.ts';
import { nonObject } from './non-object.ts';
import { ordering } from './ordering.ts';
import { subscribable } from './subscribable.ts';
import { test } from './test.ts';
import { uploadable } from './uploadable.ts';

const services = {
  ...{ test, nonObject, ordering, fallible, subscribable, uploadable, cancel },
  ...{ BinaryFile: binaryFile, handshake, control, echo },
};

/** The handler of each procedure in a catalogue, by `service.procedure`. Throws an Error naming those that have none. */
export function handlersFor(catalogue: Catalogue): ReadonlyMap<string, Handler> {
  const known = new Map(
    Object.entries(services).flatMap(([service, handlers]) =>
      Object.entries(handlers).map(([procedure, handler]) => [`${service}.${procedure}`, handler] as [string, Handler]),
    ),
  );
  const wanted = [...catalogue.services.values()].flatMap((procedures) => [...procedures.values()].map((procedure) => procedure.name));
  const missing = wanted.filter((name) => !known.has(name));
  if (missing.length > 0) throw new Error(`no handler for ${missing.join(', ')}: add it to reference-server/river/handlers`);
  return known;
}
