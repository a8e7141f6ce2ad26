// Servers of the library.
import { createServer } from 'node:http';
import { handlers } from './handlers.mjs';
import { connectNode, Test } from './library.mjs';

/** A server that listens, with handlers of its own. */
export async function serve(instance, { binding, options }) {
  const listener = createServer(
    connectNode.connectNodeAdapter({
      routes: (router) => router.service(Test, handlers(instance, options.timeScale ?? 1)),
      ...(binding.endsWith('-gzip') ? { compressMinBytes: 0 } : {}),
      ...(options.readMaxBytes === undefined ? {} : { readMaxBytes: options.readMaxBytes }),
    }),
  );
  await new Promise((ready) => listener.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${listener.address().port}`,
    stop() {
      listener.close();
      listener.closeAllConnections();
    },
  };
}
