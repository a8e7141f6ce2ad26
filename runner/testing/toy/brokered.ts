import type { BrokerKind, BrokerModel, RunningBroker } from '../../../protocols/common/broker.ts';
import type { InvokeParams, PeerEvents } from '../../../protocols/common/control.ts';
import type { Accept, Dial, Link } from '../../../protocols/common/environment.ts';
import { messageOf } from '../../../protocols/common/frame.ts';
import type { MakeReferenceClient, MakeReferenceServer, Protocol } from '../../../protocols/common/protocol.ts';
import { fromTagged, isPlainObject } from '../../../protocols/common/value.ts';
import { linksOf } from '../../worlds/real/links.ts';
import { readToy, type ToyMessage, writeToy } from './message.ts';
import { toyProtocol } from './protocol.ts';

// The toy protocol with a broker between its ends: a server says that it is there (`more`, of a call of 0, answered with `begin`), and calls
// go in turn to those that have.

function say(link: Link | undefined, message: ToyMessage): void {
  link?.send(messageOf(writeToy(message)));
}

/** The broker: takes calls of clients to servers in turn, and answers back. Calls wait where no server is. */
function toyBroker(): BrokerModel & { readonly accept: Accept } {
  const servers: Link[] = [];
  const waiting: { readonly message: Extract<ToyMessage, { t: 'call' }>; readonly caller: Link }[] = [];
  const callers = new Map<number, { readonly caller: Link; readonly id: number }>();
  let passed = 0;
  const hand = (): void => {
    for (let next = servers[0] && waiting.shift(); next !== undefined; next = servers[0] && waiting.shift()) {
      const server = servers.shift();
      if (server === undefined) return;
      servers.push(server);
      passed += 1;
      callers.set(passed, { caller: next.caller, id: next.message.id });
      say(server, { ...next.message, id: passed });
    }
  };
  const accept: Accept = (link) => ({
    opened() {},
    message({ data }) {
      const message = readToy(data);
      if (message === undefined) return;
      if (message.t === 'more') {
        servers.push(link);
        say(link, { t: 'begin', id: 0 });
      }
      if (message.t === 'call') waiting.push({ message, caller: link });
      if (message.t === 'value' || message.t === 'done') {
        const to = callers.get(message.id);
        if (to !== undefined) say(to.caller, { ...message, id: to.id });
      }
      hand();
    },
    closed() {
      const at = servers.indexOf(link);
      if (at >= 0) servers.splice(at, 1);
    },
  });
  return {
    accept,
    async ask([word]) {
      if (word === 'passed') return passed;
      throw new Error(`no such thing: ${String(word)}`);
    },
  };
}

/** What was asked to be taken away of real brokers, and how many of those still run. */
export const traces = { cleared: [] as string[], running: 0 };

const toyBrokerKind: BrokerKind = {
  name: 'toy-broker',
  model: toyBroker,
  async start(): Promise<RunningBroker> {
    const model = toyBroker();
    const [{ carrier } = { carrier: undefined }] = toyProtocol.bindings;
    if (carrier === undefined) throw new Error('the toy protocol has bindings');
    const listener = await linksOf(carrier).listen(model.accept);
    traces.running += 1;
    return {
      url: listener.url,
      where: () => ({ host: '127.0.0.1', port: Number(new URL(listener.url).port) }),
      ask: model.ask,
      async clear(space) {
        traces.cleared.push(space);
      },
      async close() {
        await listener.close();
        traces.running -= 1;
      },
    };
  },
};

/** The toy protocol as one whose ends dial a broker. */
export const brokeredToy: Protocol<ToyMessage> = {
  ...toyProtocol,
  bindings: toyProtocol.bindings.slice(0, 1),
  callers: ['client'],
  broker: toyBrokerKind,
};

/** A client that dials the broker. */
export const makeBrokeredClient: MakeReferenceClient = (_environment, dial, events) => {
  const links = new Map<string, Link>();
  const calls = new Map<number, string>();
  const waiting: (() => void)[] = [];
  const open = new Set<string>();
  return {
    async connect({ client, url }) {
      if (!links.has(client)) links.set(client, linkTo(dial, url, client));
    },
    async disconnect({ client }) {
      links.get(client)?.close(1000, '');
    },
    async invoke({ at, call, kind, procedure, value }: InvokeParams) {
      const id = calls.size + 1;
      calls.set(id, call);
      const send = () =>
        say(links.get(at), { t: 'call', id, kind, ...(procedure === undefined ? {} : { name: procedure }), v: fromTagged(value) });
      if (open.has(at)) send();
      else waiting.push(send);
    },
    async send() {},
    async finish() {},
    async cancel() {},
    script() {},
  };

  function linkTo(how: Dial, url: string, client: string): Link {
    return how(
      {
        opened() {
          open.add(client);
          for (const send of waiting.splice(0)) send();
        },
        message({ data }) {
          const message = readToy(data);
          const call = message === undefined ? undefined : calls.get(message.id);
          if (message === undefined || call === undefined) return;
          if (message.t === 'value') events.message({ call, result: { ok: true, value: message.v } });
          if (message.t === 'done') events.end({ call });
        },
        closed() {
          for (const call of calls.values()) {
            events.message({ call, result: { ok: false, error: { code: 'lost', message: 'the broker is gone' } } });
            events.end({ call });
          }
          calls.clear();
        },
      },
      url,
    );
  }
};

/** A server that dials the broker; its answers say which of them it is. */
export const makeBrokeredServer: MakeReferenceServer = (_environment, events: PeerEvents, dial) => {
  const links = new Map<string, Link>();
  return {
    serve({ server, url }) {
      return new Promise<void>((resolve, reject) => {
        if (dial === undefined) throw new Error('this server dials');
        const link = dial(
          {
            opened() {
              say(link, { t: 'more', id: 0, n: 1 });
            },
            message({ data }) {
              const message = readToy(data);
              if (message?.t === 'begin') resolve();
              if (message?.t !== 'call') return;
              events.handler({
                instance: server,
                run: String(message.id),
                event: 'started',
                ...(message.name ? { procedure: message.name } : {}),
              });
              const sum = isPlainObject(message.v) ? Number(message.v['a']) + Number(message.v['b']) : 0;
              say(link, { t: 'value', id: message.id, v: { sum, by: server } });
              say(link, { t: 'done', id: message.id });
            },
            closed: () => reject(new Error('the broker is gone')),
          },
          url,
        );
        links.set(server, link);
      });
    },
    async stop({ server }) {
      links.get(server)?.close(1000, '');
    },
    script() {},
  };
};
