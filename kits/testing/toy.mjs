// A library that repeats what it is told, and an adapter for it: what the kits are tested with. toy.py does the same.
import { Refusal, run } from '../typescript/index.mjs';

const running = (call) => ({
  send(value, metadata) {
    if (value === 'refuse') throw new Refusal('not this one');
    call.message(value, metadata);
  },
  credit: (n) => call.message(`${n} more`),
  finish(metadata, error) {
    if (error !== undefined) call.error(error.code, error.message, { extras: { from: 'finish' }, metadata });
    call.end(metadata);
  },
  cancel() {
    call.error('CANCEL', 'cancelled');
    call.end();
  },
});

const client = (instance, settings) => ({
  dial: async () => instance.status('connected', settings.binding),
  async invoke(call) {
    process.stdout.write('a library that prints\n');
    if (call.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, 50));
    if (call.kind === 'once') {
      call.message(call.value);
      call.end();
      // A call that has nothing to write: only what it has can be asked for.
      return {};
    }
    call.start(call.metadata);
    const { procedure = null, service = null, value, credit = null, to = null } = call;
    call.message({ procedure, service, ...(value === undefined ? {} : { value }), credit, to });
    return running(call);
  },
  close: async () => instance.log('closed'),
});

const server = (instance, { timers, options }) => {
  instance.handler({ procedure: 'echo', run: 1, event: 'started', value: options.value, metadata: Uint8Array.of(0, 255) });
  return {
    url: `ws://127.0.0.1:${timers.port ?? 1}`,
    invoke: running,
    stop: (how) => instance.log(`stopped ${how ?? 'None'}`),
  };
};

run({
  info: { control: 1, name: 'toy', roles: ['client', 'server'] },
  connect: (instance, settings) => client(instance, settings),
  serve: async (instance, settings) => server(instance, settings),
});
