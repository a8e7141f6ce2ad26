// A library for RSocket whose network is a queue of this process, and an adapter for it: what the RSocket part of the kit is tested with.
import { run } from '../typescript/index.mjs';
import { Asking, MAX, optional } from '../typescript/rsocket/asking.mjs';
import { bytesOf, codeName, codeNumber, Services } from '../typescript/rsocket/services.mjs';

const CODES = { INVALID_SETUP: 1, APPLICATION_ERROR: 0x201, REJECTED: 0x202, CANCELED: 0x203, INVALID: 0x204 };

/** What is sent comes later, in order. */
const sent = setImmediate;

/** One end of a connection. */
class End {
  constructor(instance, { options }) {
    this.instance = instance;
    this.services = new Services(instance, options.timeScale ?? 1);
  }

  /** A call of the other end. `receiver` hears of it what the other end sends until that has ended it. */
  open(request, receiver) {
    const { services, instance: _, other } = this.other;
    let handling;
    let over = false;
    const back = (ends, tell) => {
      if (!over) sent(tell);
      over ||= ends;
    };
    const fail = (code, text) => back(true, () => receiver.failed(codeName(codeNumber(code, CODES), CODES), text));
    const way = {
      next: (item, last) => back(last, () => receiver.item(item, last)),
      complete: () => back(true, () => receiver.complete()),
      error: fail,
      request: (n) => sent(() => receiver.credit(n)),
      stopInput: () => sent(() => receiver.unwanted()),
    };
    sent(() => {
      try {
        handling = services.handle({ ...request, complete: false }, way, other);
      } catch (raised) {
        fail('APPLICATION_ERROR', raised.message);
      }
    });
    return {
      cancel() {
        over = true;
        sent(() => handling.cancelled());
      },
      request: (n) => sent(() => handling.credit(n)),
      next: (item, last) => {
        sent(() => handling.item(item));
        if (last) sent(() => handling.inputComplete());
      },
      complete: () => sent(() => handling.inputComplete()),
      error: ({ code }) => sent(() => handling.failed(codeName(codeNumber(code, CODES), CODES))),
    };
  }

  // As a handler of the other end reaches it.

  echo(first, then) {
    const receiver = { item: (answer) => then(answer), complete: () => then(), failed: (code, text) => then(undefined, { code, text }) };
    return this.other.open({ route: 'echo', first, kind: 'request-response', credit: 1 }, receiver);
  }

  push(metadata) {
    sent(() => this.services.pushed(metadata));
  }

  invoke(call) {
    const { kind, procedure: route, value, metadata, credit = MAX } = call;
    if (kind === 'metadata-push') return this.other.push(bytesOf(metadata));
    const asking = new Asking(call);
    const receiver = {
      item: (item, last) => asking.item(item, last),
      complete: () => asking.complete(),
      failed: (code, text) => asking.failed(undefined, code, text),
      credit: (n) => asking.credit(n),
      unwanted: () => asking.unwanted(),
    };
    const first = { data: bytesOf(value), metadata: optional(metadata) };
    if (kind !== 'fire-and-forget') return asking.running(this.open({ route, first, kind, credit }, receiver));
    this.open({ route, first, kind, credit: 0 }, { failed: () => {} });
  }
}

const servers = new Map();

async function connect(instance, settings) {
  const client = new End(instance, settings);
  const server = servers.get(settings.url);
  const refused = await client.services.admit(bytesOf(settings.options.setupData)).then(
    () => false,
    () => true,
  );
  if (!refused) {
    client.other = server;
    server.other = client;
    server.instance.status('connected');
  }
  instance.status(refused ? 'refused' : 'connected', refused ? 'REJECTED_SETUP' : undefined);
  return { invoke: (call) => client.invoke(call), close: () => {} };
}

function serve(instance, settings) {
  const server = new End(instance, settings);
  servers.set('loop:s', server);
  return { url: 'loop:s', invoke: (call) => server.invoke(call), stop: () => {} };
}

run({ info: { control: 1, name: 'loop', roles: ['client', 'server'] }, connect, serve });
