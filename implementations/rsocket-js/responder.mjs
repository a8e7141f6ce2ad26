// Calls, as their responder answers them.
import { payloadOf } from '../../kits/typescript/rsocket/requests.mjs';
import { describe, ErrorCodes, echoOf, errorOf, readRequest } from './library.mjs';

function isClosed(rsocket) {
  let closed = false;
  rsocket.onClose(() => {
    closed = true;
  });
  return closed;
}

/** Answers calls with the standard services; `remote` is who calls. */
export function responder(services, remote) {
  const peer = {
    echo(payload, then) {
      return remote().requestResponse(echoOf(payload), {
        onNext: (answer) => then(payloadOf(answer)),
        onComplete: () => then(undefined),
        onError: (error) => then(undefined, { code: describe(error), text: error.message }),
        onExtension: () => {},
      });
    },
    push: (metadata) => remote().metadataPush(metadata, { onComplete: () => {}, onError: () => {} }),
  };
  const begin = (kind, payload, credit, complete, stream) => {
    let over = false;
    const way = {
      next: (item, last) => stream.onNext(item, last),
      complete: () => stream.onComplete(),
      error: (code, message) => stream.onError(errorOf({ code, message })),
      request: (n) => stream.request(n),
      stopInput: () => stream.cancel(),
    };
    const handling = services.handle({ ...readRequest(payload), kind, credit, complete }, way, peer);
    const ended = (code) => {
      if (over) return;
      over = true;
      if (isClosed(remote())) handling.disconnected();
      else if (code === undefined) handling.cancelled();
      else handling.failed(code);
    };
    return {
      request: (n) => handling.credit(n),
      // What follows says why, where anything does.
      cancel: () => queueMicrotask(() => ended(undefined)),
      onExtension: () => {},
      onNext(item, isComplete) {
        handling.item(payloadOf(item));
        if (isComplete) handling.inputComplete();
      },
      onComplete: () => handling.inputComplete(),
      onError: (error) => ended(error.code === undefined || error.code === ErrorCodes.CANCELED ? undefined : describe(error)),
    };
  };
  return {
    fireAndForget: (payload, stream) => begin('fire-and-forget', payload, 0, false, stream),
    requestResponse: (payload, stream) => begin('request-response', payload, 1, false, stream),
    requestStream: (payload, n, stream) => begin('request-stream', payload, n, false, stream),
    requestChannel: (payload, n, complete, stream) => begin('request-channel', payload, n, complete, stream),
    metadataPush: (metadata) => services.pushed(metadata),
  };
}
