// Calls, as their requester makes them.
import { MAX } from '../../kits/typescript/rsocket/asking.mjs';
import { payloadOf } from '../../kits/typescript/rsocket/requests.mjs';
import { bytesOf } from '../../kits/typescript/rsocket/services.mjs';
import { errorOf, requestOf } from './library.mjs';

/** Makes a call. */
export function start(call, rsocket, asking) {
  const request = requestOf(call);
  const credit = call.credit ?? MAX;
  const receiver = {
    onNext: (payload, last) => asking.item(payloadOf(payload), last),
    onComplete: () => asking.complete(),
    onError: (error) => asking.failed(error),
    onExtension: () => {},
    request: (n) => asking.credit(n),
    cancel: () => asking.unwanted(),
  };
  let stream;
  const running = asking.running({
    cancel: () => stream.cancel(),
    request: (n) => stream.request(n),
    next: (payload, last) => stream.onNext(payload, last),
    complete: () => stream.onComplete(),
    error: (error) => stream.onError(errorOf(error)),
  });
  if (call.kind === 'metadata-push') rsocket.metadataPush(bytesOf(call.metadata), receiver);
  else if (call.kind === 'fire-and-forget') rsocket.fireAndForget(request, { onComplete: () => {}, onError: () => {} });
  else if (call.kind === 'request-response') stream = rsocket.requestResponse(request, receiver);
  else if (call.kind === 'request-stream') stream = rsocket.requestStream(request, credit, receiver);
  else stream = rsocket.requestChannel(request, credit, false, receiver);
  return running;
}
