// Weir adapter for rsocket-js 1.0 (rsocket-core and its transports). See docs/adapters.md.
//
// It does what an application would do with the library's public API, and reports what that application would see.
// - An Error with a code is an ERROR frame: its code keeps its name, or its number. Every other Error that ends a call says that the
//   connection could not be had, or is gone: CLOSED.
// - The library tells a handler of a lost connection as of a cancel; which it is the connection itself says (`onClose`).
import { run } from '../../kits/typescript/index.mjs';
import { connect } from './client.mjs';
import { version } from './library.mjs';
import { serve } from './server.mjs';

run({
  info: {
    control: 1,
    name: 'rsocket-js',
    version,
    language: 'JavaScript',
    protocol: 'rsocket',
    roles: ['client', 'server'],
    bindings: ['tcp', 'websocket'],
    features: [
      'resume',
      'fragmentation',
      'metadata-push',
      'server-calls',
      'client-handlers',
      'credit',
      'response-metadata',
      'keepalive-timeout',
      'empty-completion',
    ],
    concurrency: 8,
  },
  connect,
  serve,
});
