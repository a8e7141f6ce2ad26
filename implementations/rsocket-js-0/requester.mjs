// Calls, as their requester makes them.
import { MAX } from '../../kits/typescript/rsocket/asking.mjs';
import { payloadOf } from '../../kits/typescript/rsocket/requests.mjs';
import { bytesOf } from '../../kits/typescript/rsocket/services.mjs';
import { describe, Flowable, messageOf, requestOf } from './library.mjs';

/** Makes a call. */
export function start(call, rsocket, asking) {
  const request = requestOf(call);
  let asked;
  let output;
  const running = asking.running({
    cancel: () => asked.cancel(),
    request: (n) => asked.request(n),
    next(payload, last) {
      output.onNext(payload);
      if (last) output.onComplete();
    },
    complete: () => output.onComplete(),
    error: ({ message }) => output.onError(new Error(message)),
  });
  const onError = (error) => asking.failed(error, describe(error), messageOf(error));
  const items = {
    onNext: (payload) => asking.item(payloadOf(payload), false),
    onComplete: () => asking.complete(),
    onError,
    onSubscribe(subscription) {
      asked = subscription;
      subscription.request(call.credit ?? MAX);
    },
  };
  if (call.kind === 'metadata-push') rsocket.metadataPush({ metadata: bytesOf(call.metadata) }).then();
  else if (call.kind === 'fire-and-forget') rsocket.fireAndForget(request);
  else if (call.kind === 'request-response') {
    rsocket.requestResponse(request).subscribe({
      onSubscribe: (cancel) => {
        asked = { cancel };
      },
      onComplete: (payload) => asking.item(payloadOf(payload), true),
      onError,
    });
  } else if (call.kind === 'request-stream') rsocket.requestStream(request).subscribe(items);
  else rsocket.requestChannel(outputOf(request, asking, (subscriber) => (output = subscriber))).subscribe(items);
  return running;
}

/** What the requester of a channel sends: its first item with the request, further ones as the responder asks. */
function outputOf(first, asking, taken) {
  return new Flowable((subscriber) => {
    let sent = false;
    taken(subscriber);
    subscriber.onSubscribe({
      request(n) {
        if (!sent) {
          sent = true;
          subscriber.onNext(first);
        } else asking.credit(n);
      },
      cancel: () => asking.unwanted(),
    });
  });
}
