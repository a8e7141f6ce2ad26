// Weir adapter for rsocket-js 0.0 (rsocket-core, rsocket-flowable and its transports). See docs/adapters.md.
//
// It does what an application would do with the library's public API, and reports what that application would see.
// - An Error with a `source` is an ERROR frame: its code and message. A plain one says that there is no lease, by its own name, or
//   that the connection could not be had, or is gone: CLOSED.
// - A handler can fail a call with a text only, and answer a request-response with a payload only.
// - The library tells a handler of a lost connection as of a cancel; which it is the connection's status says.
import { run } from '../../kits/typescript/index.mjs';
import { connect } from './client.mjs';
import { version } from './library.mjs';
import { serve } from './server.mjs';

run({
  info: {
    control: 1,
    name: 'rsocket-js-0',
    version,
    language: 'JavaScript',
    protocol: 'rsocket',
    roles: ['client', 'server'],
    bindings: ['tcp', 'websocket'],
    features: ['lease', 'metadata-push', 'server-calls', 'client-handlers', 'credit', 'response-metadata', 'keepalive-timeout'],
    concurrency: 8,
  },
  connect,
  serve,
});
