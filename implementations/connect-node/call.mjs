// A call of a client, from its request to its end.
import { tell } from './errors.mjs';
import { methodOf, protobuf } from './library.mjs';
import { headersOf, metadataOf } from './metadata.mjs';
import { Requests } from './requests.mjs';

const { fromJson, toJson } = protobuf;

/** Starts a call with the clients of the library, one for each method of HTTP; `pending` holds what aborts it, until it is over. */
export function start(call, clients, pending) {
  const method = methodOf(call.procedure);
  const controller = new AbortController();
  pending.add(controller);
  let trailers = new Headers();
  // What the library's own types refuse (a header that is none) is told as the failure of the call.
  const asked = () => ({
    headers: headersOf(call.metadata),
    signal: controller.signal,
    onHeader: (headers) => call.start(metadataOf(headers)),
    onTrailer: (given) => {
      trailers = given;
    },
  });
  const message = (value) => fromJson(method.input, value ?? {});
  const answer = (value) => call.message(toJson(method.output, value));
  const stub = clients[call.kind === 'get' ? 'get' : 'post'][method.localName];
  const requests = new Requests();
  const work = async () => {
    switch (method.methodKind) {
      case 'unary':
        answer(await stub(message(call.value), asked()));
        break;
      case 'server_streaming':
        for await (const value of stub(message(call.value), asked())) answer(value);
        break;
      case 'client_streaming':
        answer(await stub(requests, asked()));
        break;
      default:
        for await (const value of stub(requests, asked())) answer(value);
    }
  };
  work()
    .catch((error) => {
      tell(call, error);
      trailers = new Headers();
    })
    .finally(() => {
      pending.delete(controller);
      call.end(metadataOf(trailers));
    });
  return {
    send: (value) => requests.push(message(value)),
    finish: () => requests.close(),
    cancel: () => controller.abort(),
  };
}
