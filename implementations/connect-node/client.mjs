// Clients of the library.
import { start } from './call.mjs';
import { connectNode, connect as library, Test } from './library.mjs';

const { compressionBrotli, compressionGzip, createConnectTransport } = connectNode;

/** A client of the library, which dials only with a call. */
export function connect(_instance, { url, binding, timers, options }) {
  const clientFor = (useHttpGet) =>
    library.createClient(
      Test,
      createConnectTransport({
        baseUrl: `${url.replace(/\/$/, '')}${options.prefix ?? ''}`,
        httpVersion: '1.1',
        useBinaryFormat: binding.startsWith('proto'),
        useHttpGet,
        acceptCompression: [compressionGzip, compressionBrotli],
        // It would else send small messages as they are.
        compressMinBytes: 0,
        ...(binding.endsWith('-gzip') ? { sendCompression: compressionGzip } : {}),
        ...(options.readMaxBytes === undefined ? {} : { readMaxBytes: options.readMaxBytes }),
        ...(timers.timeoutMs > 0 ? { defaultTimeoutMs: timers.timeoutMs } : {}),
      }),
    );
  const clients = { post: clientFor(false), get: clientFor(true) };
  const pending = new Set();
  return {
    dial() {},
    invoke: (call) => start(call, clients, pending),
    close() {
      for (const controller of pending) controller.abort();
    },
  };
}
