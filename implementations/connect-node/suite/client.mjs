// connect-node as a client under test of the official suite: node client.mjs <folder of the version> <descriptors>.
import { anyUnpack, connect, headersIn, headersOf, node, protobuf, readAll, registry, Service, say, typeOf } from './library.mjs';

const { create, fromBinary, toBinary } = protobuf;
const { ConnectError, createClient } = connect;
const { compressionBrotli, compressionGzip, createConnectTransport } = node;
const Request = typeOf('ClientCompatRequest');
const Response = typeOf('ClientCompatResponse');
const CODEC_JSON = 2;
const GZIP = 2;
const pause = (ms) => new Promise((wake) => setTimeout(wake, ms));

async function run(request) {
  const { host, port, codec, compression, useGetHttpMethod, messageReceiveLimit, timeoutMs, requestDelayMs, cancel } = request;
  const method = Service.methods.find(({ name }) => name === request.method);
  const transport = createConnectTransport({
    baseUrl: `http://${host}:${port}`,
    httpVersion: '1.1',
    jsonOptions: { registry },
    useBinaryFormat: codec !== CODEC_JSON,
    useHttpGet: useGetHttpMethod,
    acceptCompression: [compressionGzip, compressionBrotli],
    compressMinBytes: 0,
    ...(compression === GZIP ? { sendCompression: compressionGzip } : {}),
    ...(messageReceiveLimit > 0 ? { readMaxBytes: messageReceiveLimit } : {}),
  });
  const stub = createClient(Service, transport)[method.localName];
  const controller = new AbortController();
  const outcome = { responseHeaders: [], responseTrailers: [], payloads: [], numUnsentRequests: 0 };
  const asked = {
    headers: headersIn(request.requestHeaders),
    signal: controller.signal,
    timeoutMs,
    onHeader: (headers) => (outcome.responseHeaders = headersOf(headers)),
    onTrailer: (trailers) => (outcome.responseTrailers = headersOf(trailers)),
  };
  const messages = request.requestMessages.map((any) => anyUnpack(any, registry));
  const how = cancel?.cancelTiming;
  const take = ({ payload }) => {
    // What was there already when it was given up.
    if (controller.signal.aborted) return;
    outcome.payloads.push(payload ?? create(typeOf('ConformancePayload')));
    if (how?.case === 'afterNumResponses' && how.value === outcome.payloads.length) controller.abort();
  };
  async function* requests() {
    for (const message of messages) {
      if (requestDelayMs > 0) await pause(requestDelayMs);
      outcome.numUnsentRequests -= 1;
      yield message;
    }
    if (how?.case === 'beforeCloseSend') controller.abort();
    if (how?.case === 'afterCloseSendMs') setTimeout(() => controller.abort(), how.value);
    if (how?.case === 'afterNumResponses' && how.value === 0) controller.abort();
  }
  const isStream = method.methodKind === 'client_streaming' || method.methodKind === 'bidi_streaming';
  if (isStream) outcome.numUnsentRequests = messages.length;
  else {
    if (requestDelayMs > 0) await pause(requestDelayMs);
    if (how?.case === 'afterCloseSendMs') setTimeout(() => controller.abort(), how.value);
  }
  const input = isStream ? requests() : messages[0];
  try {
    const answer = stub(input, asked);
    if (method.methodKind === 'unary' || method.methodKind === 'client_streaming') take(await answer);
    else for await (const message of answer) take(message);
  } catch (error) {
    const { code, rawMessage, details, metadata } = ConnectError.from(error);
    outcome.error = { code, message: rawMessage, details: details.map(detailOf) };
    const headers = headersOf(metadata);
    if (outcome.responseHeaders.length === 0) outcome.responseHeaders = headers;
    if (outcome.responseTrailers.length === 0) outcome.responseTrailers = headers;
  }
  return create(typeOf('ClientResponseResult'), outcome);
}

const detailOf = ({ type, value, desc }) =>
  desc === undefined
    ? { typeUrl: `type.googleapis.com/${type}`, value }
    : { typeUrl: `type.googleapis.com/${desc.typeName}`, value: toBinary(desc, create(desc, value)) };

let underWay = 0;
let isOver = false;
const leave = () => {
  if (isOver && underWay === 0) process.exit(0);
};
readAll(
  (bytes) => {
    const request = fromBinary(Request, bytes);
    const { testName } = request;
    underWay += 1;
    run(request)
      .then(
        (value) => ({ case: 'response', value }),
        (error) => ({ case: 'error', value: { message: String(error?.stack ?? error) } }),
      )
      .then((result) => {
        say(toBinary(Response, create(Response, { testName, result })));
        underWay -= 1;
        leave();
      });
  },
  () => {
    isOver = true;
    leave();
  },
);
