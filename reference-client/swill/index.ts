import { AbsenceError } from '../../protocols/common/absence.ts';
import type { ClientPeer, ConnectParams, InvokeParams, PeerEvents, SendParams } from '../../protocols/common/control.ts';
import { afterEachMessage, type Dial, type Environment } from '../../protocols/common/environment.ts';
import { named } from '../../protocols/common/named.ts';
import type { MakeReferenceClient, MatchContext, Scriptable } from '../../protocols/common/protocol.ts';
import { fromTagged } from '../../protocols/common/value.ts';
import type { Metadata } from '../../protocols/swill/frame.ts';
import { partsOf, reference } from '../../protocols/swill/reference.ts';
import { type ClientCommand, clientScript, type RequestSend } from '../../protocols/swill/script.ts';
import {
  dribble,
  scriptedRequest,
  type Usual,
  type Writing,
  writeBelow,
  writeBurst,
  writeMessage,
} from '../../protocols/swill/scripted.ts';
import type { Call } from './call.ts';
import { SwillClient } from './client.ts';
import type { Connection } from './connection.ts';
import { readSettings } from './settings.ts';

/** Swill's reference client: any number of clients by handle, each with a connection of its own. */
export const makeSwillClient: MakeReferenceClient = (environment, dial, events) => new ReferenceClient(environment, dial, events);

/** What a script opened under a name. */
interface Opened {
  readonly seq: unknown;
  readonly rpc: unknown;
  readonly reference: string | undefined;
}

class ReferenceClient implements ClientPeer, Scriptable {
  readonly #environment: Environment;
  readonly #dial: Dial;
  readonly #events: PeerEvents;
  readonly #clients = new Map<string, SwillClient>();
  readonly #calls = new Map<string, Call>();
  readonly #opened = new Map<string, Opened>();
  /** What scripts write once their connection is open. */
  readonly #waiting = new Map<Connection, (() => void)[]>();
  #dialled = 0;
  #received = 0;

  constructor(environment: Environment, dial: Dial, events: PeerEvents) {
    this.#environment = environment;
    this.#events = events;
    this.#dial = (heard, address) =>
      dial(
        afterEachMessage(heard, () => (this.#received += 1)),
        address,
      );
  }

  /** Makes a client, or asks the one of that handle to dial; one that is over is made anew. */
  async connect(params: ConnectParams): Promise<void> {
    const present = this.#clients.get(params.client);
    if (present !== undefined && !present.isClosed) {
      if (params.eager) present.connect();
      return;
    }
    const client = new SwillClient({
      environment: this.#environment,
      dial: this.#dial,
      events: this.#events,
      settings: readSettings(params),
      status: (status, detail) => {
        if (status === 'connected') this.#flush(client.connection);
        this.#events.status({ instance: params.client, status, ...(detail === undefined ? {} : { detail }) });
      },
      number: () => {
        this.#dialled += 1;
        return this.#dialled - 1;
      },
    });
    this.#clients.set(params.client, client);
    if (params.eager) client.connect();
  }

  async disconnect({ client }: { readonly client: string }): Promise<void> {
    this.#client(client).close();
  }

  async invoke({ at, call, kind, procedure = '', value, metadata }: InvokeParams): Promise<void> {
    const given = fromTagged(metadata) as Metadata | undefined;
    this.#calls.set(call, this.#client(at).call({ call, rpc: procedure, kind, value: fromTagged(value), metadata: given }));
  }

  async send({ call, value }: SendParams): Promise<void> {
    this.#call(call).send(fromTagged(value));
  }

  async finish({ call }: { readonly call: string }): Promise<void> {
    this.#call(call).finish();
  }

  async cancel({ call }: { readonly call: string }): Promise<void> {
    this.#call(call).cancel();
  }

  /** Carries out one command of protocols/swill/script.ts; throws an Error saying why where it cannot. */
  script(given: unknown, context: MatchContext): void {
    const command = clientScript.parse(given);
    const client = this.#client(command.on ?? 'main');
    if (command.dial !== undefined) {
      const { silent = false, headers, ...asking } = command.dial;
      const present = Object.fromEntries(Object.entries(asking).filter(([, value]) => value !== undefined));
      client.dialAs({ ...present, silent, ...(headers === undefined ? {} : { headers }) });
      return;
    }
    client.connect();
    const { connection } = client;
    if (connection === undefined) throw new AbsenceError('the reference client has no connection now');
    const write = (writing: Writing): void => this.#carryOut(command, { client, connection, writing, context });
    const writing: Writing = { link: connection.link, mask: this.#mask() };
    // Bytes below the messages are of use before any upgrade, too.
    if (connection.state === 'opening' && command.bytes === undefined && command.abort === undefined) {
      this.#waiting.set(connection, [...(this.#waiting.get(connection) ?? []), () => write(writing)]);
    } else write(writing);
  }

  streamId(name: string): string | undefined {
    return this.#opened.get(name)?.reference;
  }

  received(): number {
    return this.#received;
  }

  #flush(connection: Connection | undefined): void {
    if (connection === undefined) return;
    for (const write of this.#waiting.get(connection) ?? []) write();
    this.#waiting.delete(connection);
  }

  #carryOut(command: ClientCommand, at: { client: SwillClient; connection: Connection; writing: Writing; context: MatchContext }): void {
    const { writing } = at;
    const made = (spec: RequestSend) =>
      Array.from({ length: spec.times ?? 1 }, () => scriptedRequest(spec, this.#usual(spec, at.client, at.connection, at.context)));
    if (command.send !== undefined) for (const frame of made(command.send)) writeMessage(writing, frame, command.send.fragments);
    if (command.burst !== undefined) writeBurst(writing, command.burst.flatMap(made));
    if (command.dribble !== undefined) for (const frame of made(command.dribble)) dribble(writing, frame);
    writeBelow(writing, command);
  }

  /** Seq and rpc of what a script sends: of a call, of what it opened before, or of something new. */
  #usual(spec: RequestSend, client: SwillClient, connection: Connection, context: MatchContext): Usual {
    const { call: name } = spec;
    const known = name === undefined ? undefined : this.#known(name, context);
    if (known !== undefined) return { seq: known.seq, rpc: known.rpc };
    const seq = 'seq' in spec ? fromTagged(spec.seq) : client.takeSeq();
    const rpc = 'rpc' in spec ? fromTagged(spec.rpc) : 'sum';
    const isSeq = typeof seq === 'number' || typeof seq === 'bigint';
    if (name !== undefined) this.#opened.set(name, { seq, rpc, reference: isSeq ? reference(connection.number, seq) : undefined });
    return { seq, rpc };
  }

  #known(name: string, context: MatchContext): Usual | undefined {
    const opened = this.#opened.get(name);
    if (opened !== undefined) return opened;
    const found = context.streamOf(name);
    const call = this.#calls.get(name);
    return found === undefined || call === undefined ? undefined : { seq: partsOf(found).seq, rpc: call.start.rpc };
  }

  #mask(): Uint8Array {
    return Uint8Array.from({ length: 4 }, () => Math.floor(this.#environment.random() * 256));
  }

  #client(handle: string): SwillClient {
    return named(this.#clients, 'client', handle);
  }

  #call(name: string): Call {
    return named(this.#calls, 'call', name);
  }
}
