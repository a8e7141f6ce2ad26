// Weir adapter for connect-node (@connectrpc/connect and @connectrpc/connect-node). See docs/adapters.md.
//
// It does what an application would do with the library's public API, and reports what that application would see.
// - Headers of the library join values of one name by commas: they are told as one value.
// - The signal of a handler's context is aborted when its call is over in any way; only before the handler was done does that mean that
//   its caller gave up, or that the time was up.
import { run } from '../../kits/typescript/index.mjs';
import { connect } from './client.mjs';
import { version } from './library.mjs';
import { serve } from './server.mjs';

run({
  info: {
    control: 1,
    name: 'connect-node',
    version,
    language: 'JavaScript',
    protocol: 'connect',
    roles: ['client', 'server'],
    bindings: ['proto', 'json', 'proto-gzip', 'json-gzip'],
    features: ['size-limit', 'get', 'error-details', 'brotli'],
    concurrency: 8,
  },
  connect,
  serve,
});
