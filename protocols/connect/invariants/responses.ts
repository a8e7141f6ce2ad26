import { joinedValue, listOf } from '../../carriers/http/head.ts';
import { STATUS_OF } from '../codes.ts';
import { encodingOf, readContentType } from '../content.ts';
import { askedBy } from './asked.ts';
import { judgeError } from './error-form.ts';
import { type Ears, exchangeInvariant } from './exchanges.ts';

/** Answers that turn a request away in HTTP's own words, and so are none of Connect's. */
const AWAY: ReadonlySet<number> = new Set([404, 405, 413, 414, 415, 431, 505]);

/** Answers: status, type, encoding, errors of unary calls, and no trailers of HTTP. */
export const responses = exchangeInvariant(
  'responses',
  [
    ...([
      'CONNECT-UNARY-07',
      'CONNECT-UNARY-08',
      'CONNECT-UNARY-09',
      'CONNECT-UNARY-22',
      'CONNECT-STREAM-01',
      'CONNECT-STREAM-03',
    ] as const),
    ...(['CONNECT-COMP-01', 'CONNECT-COMP-04', 'CONNECT-ERROR-01', 'CONNECT-ERROR-03', 'CONNECT-ERROR-08', 'CONNECT-META-03'] as const),
  ],
  (check, facts) => {
    const hear: Ears['hear'] = (message, { request, response, isBroken }, { n, role }) => {
      if (message.type === 'request' || message.type === 'response') {
        const trailers = joinedValue(message.fields, 'trailer');
        check(trailers === undefined, 'CONNECT-UNARY-22', role, () => `a Trailer field: ${trailers}`, [n]);
        const odd = message.fields.find(({ value }) => /[^\t\u0020-\u007e]/.test(value));
        check(odd === undefined, 'CONNECT-META-03', role, () => `${odd?.name} has what is no ASCII`, [n]);
      }
      if (message.type === 'end') {
        const names = message.fields.map(({ name }) => name).join(', ');
        check(message.fields.length === 0, 'CONNECT-UNARY-22', role, () => `trailers of HTTP: ${names}`, [n]);
      }
      const wanted = request === undefined ? undefined : askedBy(request, facts);
      if (request === undefined || wanted === undefined || isBroken) return;
      const { isStream } = wanted;
      if (message.type === 'response' && message.status >= 200) {
        const type = joinedValue(message.fields, 'content-type');
        const content = readContentType(type);
        const asked =
          request.query === undefined ? readContentType(joinedValue(request.fields, 'content-type'))?.name : request.query.encoding;
        const says = (): string => `status ${message.status} with Content-Type ${type}`;
        if (isStream && content?.isStream === true) check(message.status === 200, 'CONNECT-STREAM-03', role, says, [n]);
        if (message.status === 200) {
          const fits = content?.isStream === isStream && content.name === asked;
          check(fits, isStream ? 'CONNECT-STREAM-01' : 'CONNECT-UNARY-07', role, says, [n]);
        } else if (!isStream && !AWAY.has(message.status))
          check(content?.name === 'json' && !content.isStream, 'CONNECT-UNARY-08', role, says, [n]);
        const foreign = isStream ? 'content-encoding' : 'connect-content-encoding';
        check(
          joinedValue(message.fields, foreign) === undefined,
          'CONNECT-COMP-01',
          role,
          () => `${foreign} on a ${isStream ? 'stream' : 'unary call'}`,
          [n],
        );
        const encoding = encodingOf(message.fields, isStream);
        const accept = isStream ? 'connect-accept-encoding' : 'accept-encoding';
        const sent = request.query === undefined ? encodingOf(request.fields, isStream) : (request.query.compression ?? 'identity');
        const accepted =
          joinedValue(request.fields, accept) === undefined ? [sent] : listOf(request.fields, accept).map((each) => each.split(';')[0]);
        check(
          encoding === 'identity' || accepted.includes(encoding),
          'CONNECT-COMP-04',
          role,
          () => `encoding ${encoding}, where ${accepted.join(', ') || 'nothing'} is accepted`,
          [n],
        );
      }
      if (message.type === 'body' && role === 'server' && isStream && message.error?.code !== undefined) {
        const says = (): string => `${message.error?.code} of a stream with status ${response?.status}`;
        check(false, 'CONNECT-STREAM-03', role, says, [n]);
      }
      if (
        message.type === 'body' &&
        role === 'server' &&
        response !== undefined &&
        response.status !== 200 &&
        !isStream &&
        !AWAY.has(response.status)
      ) {
        const { error } = message;
        check(
          error?.code !== undefined,
          'CONNECT-ERROR-01',
          role,
          () => `the error has no code of the 16: ${JSON.stringify(message.json)}`,
          [n],
        );
        judgeError(check, message.json, role, n);
        if (error?.code !== undefined)
          check(STATUS_OF[error.code] === response.status, 'CONNECT-UNARY-09', role, () => `${error.code} with status ${response.status}`, [
            n,
          ]);
      }
    };
    return { hear };
  },
);
