import type {
  CallParams,
  ClientPeer,
  ConnectParams,
  DisconnectParams,
  InvokeParams,
  PeerEvents,
  SendParams,
} from '../../protocols/common/control.ts';
import { afterEachMessage, type Dial, type Environment } from '../../protocols/common/environment.ts';
import { named } from '../../protocols/common/named.ts';
import type { MakeReferenceClient, MatchContext, Scriptable } from '../../protocols/common/protocol.ts';
import { fromTagged } from '../../protocols/common/value.ts';
import { clientScript } from '../../protocols/river/script.ts';
import type { Call } from './call.ts';
import { RiverClient } from './client.ts';
import { runCommand, type StreamNames } from './script.ts';

/** River's reference client: any number of clients by handle, each with its own session, all dialling with the same `dial`. */
export const makeRiverClient: MakeReferenceClient = (environment, dial, events) => new ReferenceClient(environment, dial, events);

/** The control words, carried out at once; promises only report what they threw. */
class ReferenceClient implements ClientPeer, Scriptable {
  readonly #environment: Environment;
  readonly #dial: Dial;
  readonly #events: PeerEvents;
  readonly #clients = new Map<string, RiverClient>();
  readonly #calls = new Map<string, Call>();
  readonly #scriptedStreams = new Map<string, string>();
  #received = 0;

  constructor(environment: Environment, dial: Dial, events: PeerEvents) {
    this.#environment = environment;
    this.#dial = (heard) => dial(afterEachMessage(heard, () => (this.#received += 1)));
    this.#events = events;
  }

  /** Makes a client, or asks the one of that handle to dial (RIVER-RETRY-07). */
  async connect(params: ConnectParams): Promise<void> {
    const present = this.#clients.get(params.client);
    if (present !== undefined && !present.transport.isClosed) {
      if (params.eager) present.transport.connect();
      return;
    }
    this.#clients.set(params.client, new RiverClient(this.#environment, this.#dial, this.#events, params));
  }

  async invoke(params: InvokeParams): Promise<void> {
    if (this.#calls.has(params.call)) throw new Error(`a call named "${params.call}" exists already`);
    const call = this.#client(params.at).invoke(params, {
      message: (result) => this.#events.message({ call: params.call, result }),
      end: () => this.#events.end({ call: params.call }),
    });
    this.#calls.set(params.call, call);
  }

  async send(params: SendParams): Promise<void> {
    this.#call(params.call).write(fromTagged(params.value));
  }

  async finish(params: CallParams): Promise<void> {
    this.#call(params.call).finish();
  }

  async cancel(params: CallParams): Promise<void> {
    this.#call(params.call).cancel();
  }

  async disconnect(params: DisconnectParams): Promise<void> {
    this.#client(params.client).close();
  }

  /** Carries out one command of protocols/river/script.ts; throws an Error saying why where it cannot. */
  script(command: unknown, context: MatchContext): void {
    const parsed = clientScript.parse(command);
    const streams: StreamNames = {
      find: (name) => this.#calls.get(name)?.streamId ?? this.#scriptedStreams.get(name) ?? context.streamOf(name),
      name: (name, streamId) => this.#scriptedStreams.set(name, streamId),
    };
    runCommand(this.#client(parsed.on ?? 'main'), parsed, streams);
  }

  streamId(name: string): string | undefined {
    return this.#scriptedStreams.get(name);
  }

  received(): number {
    return this.#received;
  }

  #client(handle: string): RiverClient {
    return named(this.#clients, 'client', handle);
  }

  #call(handle: string): Call {
    return named(this.#calls, 'call', handle);
  }
}
