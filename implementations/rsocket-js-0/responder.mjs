// Calls, as their responder answers them.
import { payloadOf } from '../../kits/typescript/rsocket/requests.mjs';
import { describe, echoOf, Flowable, messageOf, readRequest, Single } from './library.mjs';

/** Answers calls with the standard services; `end` is the connection on which they come. */
export function responder(services, end) {
  const peer = {
    echo(payload, then) {
      let stop = () => {};
      end.rsocket.requestResponse(echoOf(payload)).subscribe({
        onSubscribe: (cancel) => {
          stop = cancel;
        },
        onComplete: (answer) => then(payloadOf(answer)),
        onError: (error) => then(undefined, { code: describe(error), text: messageOf(error) }),
      });
      return { cancel: () => stop() };
    },
    push: (metadata) => end.rsocket.metadataPush({ metadata }).then(),
  };
  const begin = (kind, payload, credit, way) => services.handle({ ...readRequest(payload), kind, credit, complete: false }, way, peer);
  const left = (handling) => (end.isGone() ? handling?.disconnected() : handling?.cancelled());
  const failing = (subscriber) => (_code, text) => subscriber.onError(new Error(text));
  const wayOf = (subscriber, input) => ({
    next(item, last) {
      subscriber.onNext(item);
      if (last) subscriber.onComplete();
    },
    complete: () => subscriber.onComplete(),
    error: failing(subscriber),
    request: (n) => input.request(n),
    stopInput: () => input.cancel(),
  });
  /** Runs `first` once its credit is known, which the library gives right away. */
  const flowable = (first) =>
    new Flowable((subscriber) => {
      let handling;
      let credit = 0;
      subscriber.onSubscribe({
        request(n) {
          if (handling === undefined) credit += n;
          else handling.credit(n);
        },
        cancel: () => left(handling),
      });
      first(subscriber, (payload, kind, input) => {
        try {
          handling = begin(kind, payload, credit, wayOf(subscriber, input));
        } catch (error) {
          subscriber.onError(error);
        }
        return handling;
      });
    });
  return {
    fireAndForget: (payload) => void begin('fire-and-forget', payload, 0, {}),
    requestResponse: (payload) =>
      new Single((subscriber) => {
        let handling;
        subscriber.onSubscribe(() => left(handling));
        const next = (item) => subscriber.onComplete(item);
        handling = begin('request-response', payload, 1, { next, complete: () => next(payloadOf(undefined)), error: failing(subscriber) });
      }),
    requestStream: (payload) => flowable((_subscriber, handle) => handle(payload, 'request-stream')),
    requestChannel: (payloads) =>
      flowable((_subscriber, handle) => {
        let handling;
        let input;
        payloads.subscribe({
          onSubscribe(subscription) {
            input = subscription;
            // The first item, which came with the request.
            input.request(1);
          },
          onNext(payload) {
            if (handling === undefined) handling = handle(payload, 'request-channel', input);
            else handling.item(payloadOf(payload));
          },
          onComplete: () => handling?.inputComplete(),
          onError: (error) => (end.isGone() ? left(handling) : handling?.failed(describe(error))),
        });
      }),
    metadataPush(payload) {
      services.pushed(payload.metadata);
      return Single.of(undefined);
    },
  };
}
