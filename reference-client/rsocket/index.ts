import type {
  ClientPeer,
  ConnectParams,
  CreditParams,
  FinishParams,
  InvokeParams,
  PeerEvents,
  SendParams,
} from '../../protocols/common/control.ts';
import { afterEachMessage, type Dial, type Environment } from '../../protocols/common/environment.ts';
import { named } from '../../protocols/common/named.ts';
import type { MakeReferenceClient, MatchContext, Scriptable } from '../../protocols/common/protocol.ts';
import { fromTagged } from '../../protocols/common/value.ts';
import type { Calls } from '../../protocols/rsocket/peer/calls.ts';
import { callsTold, handlersTold, pushTold } from '../../protocols/rsocket/peer/peer-events.ts';
import { ScriptNames } from '../../protocols/rsocket/peer/script-names.ts';
import { reference, streamIdIn } from '../../protocols/rsocket/reference.ts';
import { clientScript } from '../../protocols/rsocket/script.ts';
import { RSocketClient } from './client.ts';
import { runCommand } from './script.ts';

/** RSocket's reference client: any number of clients by handle, each with a session of its own. */
export const makeRSocketClient: MakeReferenceClient = (environment, dial, events) => new ReferenceClient(environment, dial, events);

/** The control words, carried out at once; promises only report what they threw. */
class ReferenceClient implements ClientPeer, Scriptable {
  readonly #environment: Environment;
  readonly #dial: Dial;
  readonly #events: PeerEvents;
  readonly #clients = new Map<string, RSocketClient>();
  readonly #calls: Calls;
  readonly #names = new ScriptNames();
  #dialled = 0;
  #received = 0;

  constructor(environment: Environment, dial: Dial, events: PeerEvents) {
    this.#environment = environment;
    this.#dial = (heard) => dial(afterEachMessage(heard, () => (this.#received += 1)));
    this.#events = events;
    this.#calls = callsTold(events);
  }

  /** Makes a client, or asks the one of that handle to dial; one that is over is made anew. */
  async connect(params: ConnectParams): Promise<void> {
    const present = this.#clients.get(params.client);
    if (present !== undefined && !present.isClosed) {
      if (params.eager) present.connect();
      return;
    }
    const observe = handlersTold(this.#events, params.client);
    const client = new RSocketClient({
      environment: this.#environment,
      dial: this.#dial,
      params,
      observe,
      pushed: pushTold(observe),
      status: (status, detail) => this.#events.status({ instance: params.client, status, ...(detail === undefined ? {} : { detail }) }),
      dialled: () => {
        this.#dialled += 1;
        return this.#dialled - 1;
      },
    });
    this.#clients.set(params.client, client);
  }

  async disconnect({ client }: { readonly client: string }): Promise<void> {
    this.#client(client).close();
  }

  async invoke({ at, call, kind, procedure, value, metadata, credit }: InvokeParams): Promise<void> {
    const start = { call, kind, procedure, value: fromTagged(value), metadata: fromTagged(metadata), credit };
    const client = this.#client(at);
    client.whenReady(this.#calls.invoke(start));
  }

  async send({ call, value, metadata }: SendParams): Promise<void> {
    this.#calls.send(call, fromTagged(value), fromTagged(metadata));
  }

  async credit({ call, n }: CreditParams): Promise<void> {
    this.#calls.credit(call, n);
  }

  async finish({ call, error }: FinishParams): Promise<void> {
    this.#calls.finish(call, error);
  }

  async cancel({ call }: { readonly call: string }): Promise<void> {
    this.#calls.cancel(call);
  }

  /** Carries out one command of protocols/rsocket/script.ts; throws an Error saying why where it cannot. */
  script(command: unknown, context: MatchContext): void {
    const parsed = clientScript.parse(command);
    runCommand(this.#client(parsed.on ?? 'main'), parsed, this.#names, context);
  }

  streamId(name: string): string | undefined {
    return this.#names.reference(name);
  }

  /** Whether a stream is known at this end: one that it, or the server, opened. */
  hasSeen(found: string): boolean {
    const streamId = streamIdIn(found);
    return [...this.#clients.values()].some(
      ({ session, firstConnection }) => streamId !== undefined && session.knows(streamId) && reference(firstConnection, streamId) === found,
    );
  }

  received(): number {
    return this.#received;
  }

  #client(handle: string): RSocketClient {
    return named(this.#clients, 'client', handle);
  }
}
