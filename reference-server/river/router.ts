import { MOST_CALLS } from '../../protocols/common/limits.ts';
import { Recent } from '../../protocols/common/recent.ts';
import { CANCEL, OPEN, type RiverError, type RiverMessage } from '../../protocols/river/message.ts';
import type { MessageParts } from '../../protocols/river/session.ts';
import type { Handler, ServerState } from './handler.ts';
import { invalidRequest, refusals } from './invalid-request.ts';
import { Run, type RunEvent } from './run.ts';
import type { Catalogue, Procedure } from './services.ts';

/** Cancelled streams that are remembered for each session (RIVER-CANCEL-09). */
const TOMBSTONES = 200;

/** What the routers of one server share. */
export interface RouterSurroundings {
  readonly serverId: string;
  readonly catalogue: Catalogue;
  /** The handler that a new run of this procedure gets. */
  handlerOf(procedure: Procedure): Handler;
  readonly state: ServerState;
  /** Reports what a run saw; gives each run its own reporter. */
  observer(procedure: Procedure): (event: RunEvent, value?: unknown) => void;
}

/** What a router needs of its session. */
export interface RouterPort {
  send(parts: MessageParts): void;
  metadata(): unknown;
}

/** The streams of one session. Keyed per client, so that two clients may choose the same streamId (RIVER-STREAM-09). */
export class Router {
  readonly #surroundings: RouterSurroundings;
  readonly #port: RouterPort;
  readonly #runs = new Map<string, Run>();
  readonly #tombstones = new Recent<string>(TOMBSTONES);
  /** The streamIds that were opened here; scripts ask for them, since only what has arrived can be answered. */
  readonly #seen = new Recent<string>();

  constructor(surroundings: RouterSurroundings, port: RouterPort) {
    this.#surroundings = surroundings;
    this.#port = port;
  }

  /** The live run of a stream. */
  run(streamId: string): Run | undefined {
    return this.#runs.get(streamId);
  }

  /** True for streams that live here, or were cancelled here lately. */
  knows(streamId: string): boolean {
    return this.#runs.has(streamId) || this.#tombstones.has(streamId);
  }

  /** True for streams that were opened here, ended or not. */
  hasSeen(streamId: string): boolean {
    return this.#seen.has(streamId);
  }

  /** Takes an accepted message that is neither a heartbeat nor of a re-handshake; the order of checks is that of notes, section 12. */
  receive(message: RiverMessage): void {
    if (message.to !== this.#surroundings.serverId) return;
    const run = this.#runs.get(message.streamId);
    if (run !== undefined) run.receive(message);
    else if (!this.#tombstones.has(message.streamId)) this.#open(message);
  }

  /** The session died: every run is told. */
  disconnect(): void {
    for (const run of [...this.#runs.values()]) run.disconnect();
    this.#tombstones.clear();
  }

  #open(message: RiverMessage): void {
    this.#seen.add(message.streamId);
    const found = this.#accept(message);
    if (!('procedure' in found)) {
      this.#tombstones.add(message.streamId);
      this.#port.send({ streamId: message.streamId, controlFlags: CANCEL, payload: { ok: false, payload: found } });
      return;
    }
    const { procedure } = found;
    const { streamId } = message;
    const run = new Run(message, procedure, {
      send: (parts) => this.#port.send(parts),
      metadata: () => this.#port.metadata(),
      observe: this.#surroundings.observer(procedure),
      ended: (how) => {
        this.#runs.delete(streamId);
        if (how === 'bury') this.#tombstones.add(streamId);
      },
    });
    this.#runs.set(streamId, run);
    run.start(this.#surroundings.handlerOf(procedure), this.#surroundings.state);
  }

  #accept(message: RiverMessage): { readonly procedure: Procedure } | RiverError {
    const { serviceName, procedureName } = message;
    if ((message.controlFlags & OPEN) === 0) return invalidRequest(refusals.notOpen);
    if (!serviceName) return invalidRequest(refusals.noService);
    if (!procedureName) return invalidRequest(refusals.noProcedure);
    const procedures = this.#surroundings.catalogue.services.get(serviceName);
    if (procedures === undefined) return invalidRequest(refusals.unknownService(serviceName));
    const procedure = procedures.get(procedureName);
    if (procedure === undefined) return invalidRequest(refusals.unknownProcedure(serviceName, procedureName));
    if (this.#runs.size >= MOST_CALLS) return { code: 'UNCAUGHT_ERROR', message: 'more calls are open than this server takes' };
    return procedure.checkInit(message.payload) === undefined ? { procedure } : invalidRequest(refusals.badInit);
  }
}
