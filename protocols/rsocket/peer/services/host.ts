import type { Payload } from '../../frames.ts';
import { readValue } from '../../value.ts';
import type { Handle, Incoming, Reactions } from '../sinks.ts';
import { answers } from './answers.ts';
import { channels } from './channels.ts';
import type { Service, ServiceSurroundings } from './service.ts';
import { streams } from './streams.ts';

/** What a handler saw; the words of the control protocol. */
export type HandlerEvent = 'started' | 'request' | 'requests-closed' | 'requests-failed' | 'cancelled' | 'disconnected' | 'finished';

/** Told of everything that handlers see. `run` counts the runs of a procedure from 1. */
export type Observe = (procedure: string, run: string, event: HandlerEvent, value?: unknown, metadata?: unknown) => void;

type Tell = (event: HandlerEvent, value?: unknown, metadata?: unknown) => void;

const services: ReadonlyMap<string, Service> = new Map(Object.entries({ ...answers, ...streams, ...channels }));

/** Names of all procedures that have a handler; METADATA_PUSH has none. */
export const serviceNames: readonly string[] = [...services.keys()];

/** Hosts the standard services: finds them by route, and tells what they see. Those in `manual` do nothing; a script answers. */
export function host(surroundings: ServiceSurroundings, manual: ReadonlySet<string>, observe: Observe): Handle {
  const runs = new Map<string, number>();
  return (call) => {
    const service = call.route === undefined ? undefined : services.get(call.route);
    if (call.route === undefined || service === undefined) {
      call.fail('APPLICATION_ERROR', call.route === undefined ? 'the request has no route' : `there is no route ${call.route}`);
      return {};
    }
    const number = (runs.get(call.route) ?? 0) + 1;
    runs.set(call.route, number);
    const { route } = call;
    const tell: Tell = (event, value, metadata) => observe(route, String(number), event, value, metadata);
    tell('started', readValue(call.first.data), metadataOf(call.first));
    return watched(manual.has(route) ? {} : run(service, call, surroundings, tell), tell);
  };
}

/** Runs a service; one that raises has finished. */
function run(service: Service, call: Incoming, surroundings: ServiceSurroundings, tell: Tell): Reactions {
  try {
    return service(call, surroundings);
  } catch (raised) {
    tell('finished');
    throw raised;
  }
}

function watched(reactions: Reactions, tell: Tell): Reactions {
  return {
    item: (payload) => {
      tell('request', readValue(payload.data), metadataOf(payload));
      reactions.item?.(payload);
    },
    inputComplete: () => {
      tell('requests-closed');
      reactions.inputComplete?.();
    },
    ended: (how, failure) => {
      if (how === 'failed') tell('requests-failed', failure?.code);
      else tell(how);
      reactions.ended?.(how, failure);
    },
    closed: () => {
      tell('finished');
      reactions.closed?.();
    },
  };
}

function metadataOf({ metadata }: Payload): unknown {
  return metadata === undefined ? undefined : readValue(metadata);
}
