import type { JsonValue } from '@bufbuild/protobuf';
import { joinedValue } from '../../protocols/carriers/http/head.ts';
import { type Code, isCode } from '../../protocols/connect/codes.ts';
import { type ConnectError, type Detail, failure } from '../../protocols/connect/errors.ts';
import { parametersOf } from '../../protocols/connect/get.ts';
import type { Behaviour, Hosted, Outlet } from '../../reference-server/connect/handler.ts';
import { headersOf, listOf, type Members, membersOf, metadataIn, type SuiteMessages } from './messages.ts';

const INFO = 'ConformancePayload.RequestInfo';

/** The suite's service: each request says how it is to be answered, each answer what the server saw. */
export function conformanceService(messages: SuiteMessages): Hosted {
  const unary = (type: string): Behaviour => answering(messages, type, 'one');
  const behaviours: Record<string, Behaviour> = {
    [messages.nameOf('Unary')]: unary('UnaryRequest'),
    [messages.nameOf('IdempotentUnary')]: unary('IdempotentUnaryRequest'),
    [messages.nameOf('ClientStream')]: answering(messages, 'ClientStreamRequest', 'last'),
    [messages.nameOf('ServerStream')]: answering(messages, 'ServerStreamRequest', 'one'),
    [messages.nameOf('BidiStream')]: answering(messages, 'BidiStreamRequest', 'last'),
    [messages.nameOf('Unimplemented')]: (outlet) => ({
      request: () => outlet.finish(failure('unimplemented', 'nobody has made it')),
      closed() {},
    }),
  };
  return { procedures: messages.procedures, behaviours };
}

/** Answers the one request, or the first once the last has come. */
function answering(messages: SuiteMessages, type: string, when: 'one' | 'last'): Behaviour {
  return (outlet) => {
    const requests: Members[] = [];
    const answer = (): void => answerAll(messages, type, requests, outlet);
    return {
      request(value) {
        requests.push(membersOf(value));
        if (when === 'one') answer();
      },
      closed() {
        if (when === 'last') answer();
      },
    };
  };
}

function answerAll(messages: SuiteMessages, type: string, requests: readonly Members[], outlet: Outlet): void {
  const wanted = membersOf(requests[0]?.['responseDefinition']);
  outlet.beside({ leading: metadataIn(wanted['responseHeaders']), trailing: metadataIn(wanted['responseTrailers']) });
  const isStream = type === 'ServerStreamRequest' || type === 'BidiStreamRequest';
  const info = infoOf(type, requests, outlet);
  const error = errorIn(messages, wanted['error']);
  const delay = Number(wanted['responseDelayMs'] ?? 0);
  if (!isStream) {
    outlet.after(delay, () => {
      if (error !== undefined) outlet.finish(withInfo(messages, error, info));
      else {
        outlet.send({ payload: { data: wanted['responseData'] ?? '', requestInfo: info } });
        outlet.finish();
      }
    });
    return;
  }
  outlet.begin();
  const all = listOf(wanted['responseData']);
  const next = (at: number): void => {
    const data = all[at];
    if (data === undefined) {
      outlet.finish(error !== undefined && all.length === 0 ? withInfo(messages, error, info) : error);
      return;
    }
    outlet.after(delay, () => {
      outlet.send({ payload: { data, ...(at === 0 ? { requestInfo: info } : {}) } });
      next(at + 1);
    });
  };
  next(0);
}

/** What the server saw. */
function infoOf(type: string, requests: readonly Members[], { said }: Outlet): JsonValue {
  const { fields, target, method } = said.head;
  return {
    requestHeaders: headersOf(fields),
    ...(joinedValue(fields, 'connect-timeout-ms') === undefined ? {} : { timeoutMs: String(said.timeoutMs ?? 0) }),
    requests: requests.map((request) => ({ '@type': `type.googleapis.com/connectrpc.conformance.v1.${type}`, ...request }) as JsonValue),
    ...(method === 'GET'
      ? { connectGetInfo: { queryParams: headersOf(parametersOf(target).map(([name, value]) => ({ name, value }))) } }
      : {}),
  };
}

function errorIn(messages: SuiteMessages, json: JsonValue | undefined): ConnectError | undefined {
  if (json === undefined) return undefined;
  const { code, message, details } = membersOf(json);
  return failure(
    codeOf(String(code)),
    String(message ?? ''),
    listOf(details).map((detail): Detail => messages.unpacked(detail)),
  );
}

function withInfo(messages: SuiteMessages, error: ConnectError, info: JsonValue): ConnectError {
  const detail = { type: `connectrpc.conformance.v1.${INFO}`, value: messages.write(INFO, info) };
  return { ...error, details: [...error.details, detail] };
}

/** `CODE_NOT_FOUND` as Connect has it. */
function codeOf(name: string): Code {
  const code = name.replace(/^CODE_/, '').toLowerCase();
  return isCode(code) ? code : 'unknown';
}
