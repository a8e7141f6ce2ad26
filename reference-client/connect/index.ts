import type { ClientPeer, ConnectParams, InvokeParams, PeerEvents, SendParams } from '../../protocols/common/control.ts';
import { afterEachMessage, type Dial, type Environment, type Link } from '../../protocols/common/environment.ts';
import { named } from '../../protocols/common/named.ts';
import type { MakeReferenceClient, MatchContext, Scriptable } from '../../protocols/common/protocol.ts';
import { fromTagged } from '../../protocols/common/value.ts';
import { contentType } from '../../protocols/connect/content.ts';
import { procedureIn } from '../../protocols/connect/decode.ts';
import type { Metadata } from '../../protocols/connect/metadata.ts';
import { reference } from '../../protocols/connect/reference.ts';
import { type Procedure, procedures } from '../../protocols/connect/schema.ts';
import { type ClientCommand, clientScript, type ScriptedRequest } from '../../protocols/connect/script.ts';
import { rawBytes, writeScripted } from '../../protocols/connect/scripted.ts';
import { Call } from './call.ts';
import { Connection } from './connection.ts';
import { type ClientSettings, readSettings } from './settings.ts';

/** Connect's reference client: any number of clients by handle, each with connections of its own. */
export const makeConnectClient: MakeReferenceClient = (environment, dial, events) =>
  new ReferenceClient(environment, dial, events, procedures);

/** The same for other procedures than those of the test services. */
export function clientOf(known: ReadonlyMap<string, Procedure>): MakeReferenceClient {
  return (environment, dial, events) => new ReferenceClient(environment, dial, events, known);
}

interface Client {
  readonly url: string;
  readonly settings: ClientSettings;
  readonly connections: Connection[];
  readonly calls: Set<Call>;
}

/** A connection on which a script writes, and the number of requests that it wrote there. */
interface Raw {
  readonly link: Link;
  readonly number: number;
  isOpen: boolean;
  readonly waiting: (() => void)[];
  requests: number;
  last: ScriptedRequest | undefined;
}

class ReferenceClient implements ClientPeer, Scriptable {
  readonly #environment: Environment;
  readonly #known: ReadonlyMap<string, Procedure>;
  readonly #dial: Dial;
  readonly #events: PeerEvents;
  readonly #clients = new Map<string, Client>();
  readonly #calls = new Map<string, Call>();
  readonly #names = new Map<string, string>();
  #raw: Raw | undefined;
  #dialled = 0;
  #received = 0;

  constructor(environment: Environment, dial: Dial, events: PeerEvents, known: ReadonlyMap<string, Procedure>) {
    this.#known = known;
    this.#environment = environment;
    this.#dial = (heard, address) => {
      this.#dialled += 1;
      return dial(
        afterEachMessage(heard, () => (this.#received += 1)),
        address,
      );
    };
    this.#events = events;
  }

  /** Makes a client; a call of it dials. */
  async connect({ client, url, binding, timers, options }: ConnectParams): Promise<void> {
    if (this.#clients.has(client)) return;
    this.#clients.set(client, { url, settings: readSettings(url, binding, timers, options), connections: [], calls: new Set() });
  }

  async disconnect({ client }: { readonly client: string }): Promise<void> {
    const found = this.#client(client);
    for (const call of found.calls) call.cancel();
    for (const connection of found.connections) if (connection.isFree) connection.close();
    this.#clients.delete(client);
  }

  async invoke({ at, call, kind, procedure: name, value, metadata }: InvokeParams): Promise<void> {
    const client = this.#client(at);
    const procedure = this.#known.get(name ?? '');
    if (procedure === undefined) throw new Error(`there is no procedure ${JSON.stringify(name)}`);
    const start = { call, procedure, byGet: kind === 'get', value: fromTagged(value), metadata: (fromTagged(metadata) ?? {}) as Metadata };
    const made = new Call(start, client.settings, this.#connectionOf(client), this.#environment, this.#events);
    client.calls.add(made);
    this.#calls.set(call, made);
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

  /** Carries out one command of protocols/connect/script.ts; throws an Error saying why where it cannot. */
  script(given: unknown, _context: MatchContext): void {
    const command = clientScript.parse(given);
    if (command.dial !== undefined) this.#raw = this.#dialRaw();
    this.#raw ??= this.#dialRaw();
    const raw = this.#raw;
    if (command.request !== undefined) this.#request(raw, command.request);
    this.#bare(raw, command);
  }

  streamId(name: string): string | undefined {
    return this.#names.get(name);
  }

  received(): number {
    return this.#received;
  }

  #request(raw: Raw, spec: ScriptedRequest): void {
    const isFirst = spec.part === undefined || spec.part === 'begin';
    const whole = isFirst ? spec : { ...raw.last, ...spec };
    raw.last = whole;
    const name = whole.procedure ?? procedureIn((whole.target ?? '').split('?')[0] ?? '');
    const { settings } = this.#client('main');
    const isStream = (procedures.get(name)?.kind ?? 'unary') !== 'unary';
    const method = whole.method ?? 'POST';
    if (isFirst) {
      if (spec.as !== undefined) this.#names.set(spec.as, reference(raw.number, raw.requests));
      raw.requests += 1;
    }
    const typed = [
      { name: 'Connect-Protocol-Version', value: '1' },
      { name: 'Content-Type', value: contentType(isStream, settings.codec) },
    ];
    const usual = {
      codec: settings.codec,
      isStream,
      procedure: name,
      from: 'client' as const,
      fields: [{ name: 'Host', value: settings.host }, ...(method === 'GET' ? [] : typed)],
    };
    const framing = spec.framing ?? (method === 'GET' ? 'none' : undefined);
    const first = `${method} ${whole.target ?? `/${name}`} HTTP/1.1`;
    whenOpen(raw, () => writeScripted(raw.link, first, { ...spec, ...(framing === undefined ? {} : { framing }) }, usual));
  }

  #bare(raw: Raw, { raw: bytes, close, abort }: ClientCommand): void {
    if (bytes !== undefined) {
      const written = rawBytes(bytes);
      whenOpen(raw, () => raw.link.raw?.(written));
    }
    if (close !== undefined) whenOpen(raw, () => raw.link.close(0, ''));
    if (abort !== undefined) whenOpen(raw, () => raw.link.abort());
  }

  #dialRaw(): Raw {
    const number = this.#dialled;
    const waiting: (() => void)[] = [];
    const link = this.#dial(
      {
        opened: () => {
          raw.isOpen = true;
          for (const act of waiting.splice(0)) act();
        },
        message: () => {},
        ended: () => link.close(0, ''),
        closed: () => {
          if (this.#raw === raw) this.#raw = undefined;
        },
      },
      this.#client('main').url,
    );
    const raw: Raw = { link, number, isOpen: false, waiting, requests: 0, last: undefined };
    return raw;
  }

  /** A connection that may carry a call: one that carries none, else another. */
  #connectionOf(client: Client): Connection {
    const free = client.connections.find(({ isFree }) => isFree);
    if (free !== undefined) return free;
    const connection = new Connection(this.#dial, client.url);
    client.connections.push(connection);
    return connection;
  }

  #client(handle: string): Client {
    return named(this.#clients, 'client', handle);
  }

  #call(name: string): Call {
    return named(this.#calls, 'call', name);
  }
}

function whenOpen(raw: Raw, act: () => void): void {
  if (raw.isOpen) act();
  else raw.waiting.push(act);
}
