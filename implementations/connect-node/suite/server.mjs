// connect-node as a server under test of the official suite: node server.mjs <folder of the version> <descriptors>.
import { createServer } from 'node:http';
import { anyPack, connect, headersIn, headersOf, node, protobuf, readAll, registry, Service, say, typeOf } from './library.mjs';

const { create, fromBinary, toBinary } = protobuf;
const { ConnectError } = connect;
const { compressionBrotli, compressionGzip, connectNodeAdapter } = node;
const pause = (ms) => new Promise((wake) => setTimeout(wake, ms));

function infoOf(schema, requests, context) {
  const query = context.requestMethod === 'GET' ? [...new URL(context.url).searchParams] : [];
  return create(typeOf('ConformancePayload.RequestInfo'), {
    requestHeaders: headersOf(context.requestHeader),
    timeoutMs: context.timeoutMs() === undefined ? undefined : BigInt(Math.max(0, Math.floor(context.timeoutMs()))),
    requests: requests.map((request) => anyPack(schema, request)),
    ...(query.length === 0 ? {} : { connectGetInfo: { queryParams: query.map(([name, value]) => ({ name, value: [value] })) } }),
  });
}

function begin(wanted, context) {
  headersIn(wanted?.responseHeaders).forEach((value, name) => void context.responseHeader.append(name, value));
  headersIn(wanted?.responseTrailers).forEach((value, name) => void context.responseTrailer.append(name, value));
}

function errorOf({ code, message, details }, info) {
  const error = new ConnectError(message ?? '', code);
  for (const { typeUrl, value } of details) error.details.push({ type: typeUrl.slice(typeUrl.lastIndexOf('/') + 1), value });
  if (info !== undefined) error.details.push({ desc: typeOf('ConformancePayload.RequestInfo'), value: info });
  return error;
}

async function unary(requests, context, schema) {
  const wanted = requests[0]?.responseDefinition;
  begin(wanted, context);
  const requestInfo = infoOf(schema, requests, context);
  if (wanted?.responseDelayMs > 0) await pause(wanted.responseDelayMs);
  if (wanted?.response.case === 'error') throw errorOf(wanted.response.value, requestInfo);
  return { payload: { data: wanted?.response.value ?? new Uint8Array(), requestInfo } };
}

async function* stream(requests, context, schema) {
  const wanted = requests[0]?.responseDefinition;
  begin(wanted, context);
  const requestInfo = infoOf(schema, requests, context);
  for (const [i, data] of (wanted?.responseData ?? []).entries()) {
    if (wanted.responseDelayMs > 0) await pause(wanted.responseDelayMs);
    yield { payload: { data, ...(i === 0 ? { requestInfo } : {}) } };
  }
  if (wanted?.error !== undefined) throw errorOf(wanted.error, wanted.responseData.length === 0 ? requestInfo : undefined);
}

async function gathered(requests) {
  const all = [];
  for await (const request of requests) all.push(request);
  return all;
}

const routes = (router) =>
  router.service(Service, {
    unary: (request, context) => unary([request], context, typeOf('UnaryRequest')),
    idempotentUnary: (request, context) => unary([request], context, typeOf('IdempotentUnaryRequest')),
    clientStream: async (requests, context) => unary(await gathered(requests), context, typeOf('ClientStreamRequest')),
    serverStream: (request, context) => stream([request], context, typeOf('ServerStreamRequest')),
    async *bidiStream(requests, context) {
      yield* stream(await gathered(requests), context, typeOf('BidiStreamRequest'));
    },
  });

readAll((bytes) => {
  const { messageReceiveLimit } = fromBinary(typeOf('ServerCompatRequest'), bytes);
  const adapter = connectNodeAdapter({
    routes,
    jsonOptions: { registry },
    acceptCompression: [compressionGzip, compressionBrotli],
    compressMinBytes: 0,
    ...(messageReceiveLimit > 0 ? { readMaxBytes: messageReceiveLimit } : {}),
  });
  const server = createServer({ highWaterMark: messageReceiveLimit || undefined }, adapter).listen(0, '127.0.0.1', () => {
    const Answer = typeOf('ServerCompatResponse');
    say(toBinary(Answer, create(Answer, { host: '127.0.0.1', port: server.address().port })));
  });
});
