import type { PeerEvents } from '../../common/control.ts';
import { readValue } from '../value.ts';
import { Calls } from './calls.ts';
import type { Observe } from './services/host.ts';

/** The calls of a peer, told in the words of the control protocol. */
export function callsTold(events: PeerEvents): Calls {
  return new Calls({
    message: (call, reading) => {
      if (reading.ok) {
        const { value, metadata } = reading;
        events.message({ call, result: { ok: true, value, ...(metadata === undefined ? {} : { metadata }) } });
      } else events.message({ call, result: { ok: false, error: { code: reading.code, message: reading.text } } });
    },
    end: (call) => events.end({ call }),
  });
}

/** What the handlers of an instance see, told likewise. */
export function handlersTold(events: PeerEvents, instance: string): Observe {
  return (procedure, run, event, value, metadata) =>
    events.handler({
      instance,
      procedure,
      run,
      event,
      ...(value === undefined ? {} : { value }),
      ...(metadata === undefined ? {} : { metadata }),
    });
}

/** Metadata of the other end that belongs to no stream, as a handler would see it. */
export function pushTold(observe: Observe): (metadata: Uint8Array) => void {
  let pushes = 0;
  return (metadata) => {
    pushes += 1;
    observe('metadata-push', String(pushes), 'started', undefined, readValue(metadata));
  };
}
