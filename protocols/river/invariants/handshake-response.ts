import type { Check } from '../../common/judging.ts';
import type { Decoded } from '../../common/trace.ts';
import { isPlainObject } from '../../common/value.ts';
import { PROTOCOL_VERSION, type RiverMessage } from '../message.ts';
import { isHandshakeRequest, isHandshakeResponse } from '../validate.ts';
import { eventInvariant } from './judging.ts';

/** What reached the server on one connection and what it answered. */
interface Dialogue {
  /** The first message frame delivered to the server; `message` is undefined where it cannot be read. `astray`: meant for another. */
  asked: { readonly n: number; readonly message: RiverMessage | undefined; readonly kindly: boolean; readonly astray: boolean } | undefined;
  deliveries: number;
  answer: 'none' | 'ok' | 'refused';
  answered: number | undefined;
}

/**
 * A server speaks only when asked (RIVER-HS-07), answers a request once with neutral numbers (RIVER-HS-02), accepts under
 * the requested session id (RIVER-HS-06), refuses what is no request (RIVER-HS-08, RIVER-HS-09) or another version
 * (RIVER-HS-10), and says nothing after a refusal (RIVER-HS-18).
 */
export const handshakeResponse = eventInvariant(
  'handshake-response',
  ['RIVER-HS-02', 'RIVER-HS-06', 'RIVER-HS-07', 'RIVER-HS-08', 'RIVER-HS-09', 'RIVER-HS-10', 'RIVER-HS-18'],
  (facts, check) => {
    const dialogues = new Map<number, Dialogue>();
    return {
      observe: (event) => {
        if ((event.type !== 'sent' && event.type !== 'delivered') || event.frame.class !== 'data') return;
        const dialogue = dialogues.get(event.connection) ?? { asked: undefined, deliveries: 0, answer: 'none', answered: undefined };
        dialogues.set(event.connection, dialogue);
        const message = event.decoded?.ok ? event.decoded.message : undefined;
        if (event.type === 'delivered') {
          if (event.to !== 'server') return;
          dialogue.deliveries += 1;
          dialogue.asked ??= {
            n: event.n,
            message,
            kindly: onlyTolerantlyRead(event),
            astray: facts.serverId !== undefined && message?.to !== facts.serverId,
          };
        } else if (event.from === 'server' && !onlyTolerantlyRead(event)) judge(check, dialogue, message, event.n);
      },
      forget: ({ isOver }) => {
        for (const connection of dialogues.keys()) if (isOver(connection)) dialogues.delete(connection);
      },
    };
  },
);

function onlyTolerantlyRead({ decoded }: { readonly decoded: Decoded<RiverMessage> | undefined }): boolean {
  return decoded?.ok === false && decoded.custom !== undefined;
}

function judge(check: Check, dialogue: Dialogue, message: RiverMessage | undefined, n: number): void {
  const { asked, answer, answered } = dialogue;
  const isAnswer = isPlainObject(message?.payload) && message.payload['type'] === 'HANDSHAKE_RESP';
  if (answer === 'refused') {
    check(false, 'RIVER-HS-18', 'server', () => 'a message after the handshake was refused on this connection', [n, answered]);
  } else if (answer === 'ok') {
    // Two requests on one connection may meet two answers; RIVER-HS-27 is judged by cases.
    if (isAnswer && dialogue.deliveries < 2) {
      check(false, 'RIVER-HS-06', 'server', () => 'a second handshake response on one connection', [n, answered]);
    }
  } else {
    if (!check(asked !== undefined, 'RIVER-HS-07', 'server', () => 'the server speaks before any handshake request arrived', [n])) return;
    const other = () => 'the first message on the connection is not a handshake response; the answer to the request comes first';
    if (!check(isAnswer, 'RIVER-HS-06', 'server', other, [n, asked?.n]) || message === undefined) return;
    judgeAnswer(check, dialogue, message, n);
  }
}

function judgeAnswer(check: Check, dialogue: Dialogue, message: RiverMessage, n: number): void {
  const { seq, ack, controlFlags, payload } = message;
  dialogue.answered = n;
  const numbers = () => `a handshake response has seq ${seq}, ack ${ack}, controlFlags ${controlFlags}; all three must be 0`;
  check(seq === 0 && ack === 0 && controlFlags === 0, 'RIVER-HS-02', 'server', numbers, [n]);
  const shape = () =>
    'a handshake response must carry status {ok: true, sessionId} or {ok: false, code, reason} with a code of the protocol';
  if (!check(isHandshakeResponse(payload), 'RIVER-HS-06', 'server', shape, [n]) || !isHandshakeResponse(payload)) {
    dialogue.answer = isPlainObject(payload) && isPlainObject(payload['status']) && payload['status']['ok'] === true ? 'ok' : 'refused';
    return;
  }
  const { status } = payload;
  dialogue.answer = status.ok ? 'ok' : 'refused';
  if (!status.ok) check(true, 'RIVER-HS-18', 'server');
  const { asked } = dialogue;
  if (asked === undefined) return;
  const events = [n, asked.n];
  if (asked.message === undefined) {
    // A tolerant server may read text frames and loose envelopes (notes, section 21); only unreadable bytes are clear.
    if (!asked.kindly) check(!status.ok, 'RIVER-HS-09', 'server', () => 'a frame that is no message was accepted as a handshake', events);
    return;
  }
  const request = asked.message.payload;
  if (!isHandshakeRequest(request)) {
    const code = status.ok ? 'ok' : status.code;
    const malformed = () => `a message that is no handshake request is answered with ${code}, not MALFORMED_HANDSHAKE`;
    check(code === 'MALFORMED_HANDSHAKE', 'RIVER-HS-08', 'server', malformed, events);
  } else if (request.protocolVersion !== PROTOCOL_VERSION) {
    const code = status.ok ? 'ok' : status.code;
    const version = () => `version ${request.protocolVersion} is answered with ${code}, not PROTOCOL_VERSION_MISMATCH`;
    // Disputed: the official server still speaks v1.1. With two things wrong either may be the reason.
    const fine = code === 'PROTOCOL_VERSION_MISMATCH' || request.protocolVersion === 'v1.1' || (asked.astray && !status.ok);
    check(fine, 'RIVER-HS-10', 'server', version, events);
  } else if (status.ok) {
    const foreign = () => `session ${request.sessionId} was asked for, ${status.sessionId} is granted`;
    check(status.sessionId === request.sessionId, 'RIVER-HS-06', 'server', foreign, events);
  }
}
