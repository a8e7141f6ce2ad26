// The standard services (cases/connect/services.yaml), as handlers of the library.
import { codeFromString, connect, methodOf, protobuf, Say, Test } from './library.mjs';
import { runsOf } from './runs.mjs';

const { Code, ConnectError } = connect;
const { toJson } = protobuf;

/** What the handlers do, and tell of what they see. */
export function handlers(instance, timeScale) {
  const begin = runsOf(instance);
  const pause = (ms, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, ms * timeScale);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
    });
  const unary = (name, act) => async (request, context) => {
    const run = begin(name, context, toJson(methodOf(`${Test.typeName}/${name}`).input, request));
    try {
      return await act(request, context);
    } finally {
      run.finish();
    }
  };
  const fail = ({ code, message, details }) => {
    const made = details.map((value) => ({ desc: Say, value }));
    throw new ConnectError(message, codeFromString(code) ?? Code.Unknown, undefined, made);
  };
  return {
    echo: unary('Echo', (request) => request),
    fetch: unary('Fetch', (request) => request),
    fail: unary('Fail', fail),
    fetchFail: unary('FetchFail', fail),
    wait: unary('Wait', async ({ ms, text }, { signal }) => {
      await pause(ms, signal);
      return { text };
    }),
    left: unary('Left', (_request, context) => {
      const ms = context.timeoutMs();
      return ms === undefined ? {} : { number: BigInt(Math.max(0, Math.floor(ms))) };
    }),
    async *count(request, context) {
      const run = begin('Count', context, undefined);
      run.tell('request', { value: toJson(methodOf('weir.v1.Test/Count').input, request) });
      try {
        for (let n = 1; n <= request.to; n += 1) {
          if (request.pauseMs > 0) await pause(request.pauseMs, context.signal);
          yield { n };
        }
        if (request.code !== '') throw new ConnectError(request.message, codeFromString(request.code) ?? Code.Unknown);
      } finally {
        run.finish();
      }
    },
    async sum(requests, context) {
      const run = begin('Sum', context, undefined);
      let [sum, count] = [0, 0];
      for await (const { n } of requests) {
        run.tell('request', { value: n === 0 ? {} : { n } });
        sum += n;
        count += 1;
      }
      run.tell('requests-closed');
      run.finish();
      return { sum, count };
    },
    async *chat(requests, context) {
      const run = begin('Chat', context, undefined);
      const all = [];
      for await (const request of requests) {
        run.tell('request', { value: toJson(methodOf('weir.v1.Test/Chat').input, request) });
        all.push(request);
      }
      run.tell('requests-closed');
      yield* all;
      run.finish();
    },
  };
}
