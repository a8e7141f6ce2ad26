import type { Environment } from '../../../common/environment.ts';
import { Room } from '../../../common/room.ts';
import type { Payload } from '../../frames.ts';
import type { RunningCall } from '../running-call.ts';
import type { Incoming, Reactions, RequesterSink } from '../sinks.ts';

/** State that the services of one instance share. */
export interface ServiceState {
  counter: number;
  readonly log: string[];
  /** For the log; what finds no room in it is counted, too. */
  readonly room: Room;
}

/** What services have beside their call. */
export interface ServiceSurroundings {
  readonly environment: Environment;
  /** Factor from nominal ms to those of the environment. */
  readonly timeScale: number;
  readonly state: ServiceState;
  /** A request-response to the end that made the call. */
  callBack(payload: Payload, sink: RequesterSink): RunningCall;
  /** Metadata to that end. */
  pushBack(metadata: Uint8Array): void;
}

/** What a procedure of services.yaml does. */
export type Service = (call: Incoming, surroundings: ServiceSurroundings) => Reactions;

/** Fresh state, as each connect and each serve begins with. */
export function freshState(): ServiceState {
  return { counter: 0, log: [], room: new Room() };
}
