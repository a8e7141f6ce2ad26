import type { Check } from '../../common/judging.ts';
import { isPlainObject } from '../../common/value.ts';
import { PROTOCOL_VERSION, type RiverMessage } from '../message.ts';
import { isHandshakeRequest, isHandshakeResponse } from '../validate.ts';
import { eventInvariant } from './judging.ts';

/** What the client has done and heard on one connection. */
interface Dialogue {
  request: number | undefined;
  /** The answer that reached the client: `odd` where it has no shape that a response has, `unclear` where only tolerant receivers could read it. */
  answer: 'none' | 'ok' | 'refused' | 'odd' | 'unclear';
  answered: number | undefined;
}

/**
 * A client's first word on each connection is one handshake request (RIVER-HS-01) with neutral numbers (RIVER-HS-02) and
 * the full payload (RIVER-HS-03); nothing follows before the ok (RIVER-HS-05) and nothing at all after a refusal
 * (RIVER-HS-19), nor after what has not the shape of a response (RIVER-HS-22).
 */
export const handshakeRequest = eventInvariant(
  'handshake-request',
  ['RIVER-HS-01', 'RIVER-HS-02', 'RIVER-HS-03', 'RIVER-HS-05', 'RIVER-HS-19', 'RIVER-HS-22'],
  (_facts, check) => {
    const dialogues = new Map<number, Dialogue>();
    return {
      observe: (event) => {
        if ((event.type !== 'sent' && event.type !== 'delivered') || event.frame.class !== 'data') return;
        const dialogue = dialogues.get(event.connection) ?? { request: undefined, answer: 'none', answered: undefined };
        dialogues.set(event.connection, dialogue);
        const message = event.decoded?.ok ? event.decoded.message : undefined;
        if (event.type === 'delivered') {
          if (event.to !== 'client' || dialogue.answer !== 'none') return;
          dialogue.answer = answerIn(message);
          dialogue.answered = event.n;
        } else if (event.from === 'client') {
          if (dialogue.request === undefined) {
            dialogue.request = event.n;
            // Whether one that only tolerant receivers read is a handshake request, they would know.
            if (event.decoded?.ok !== false || event.decoded.custom === undefined) judgeFirst(check, message, event.n);
          } else judgeLater(check, message, dialogue, event.n);
        }
      },
      finish: () => {
        for (const dialogue of dialogues.values()) conclude(dialogue);
      },
      forget: ({ isOver }) => {
        for (const [connection, dialogue] of dialogues) {
          if (!isOver(connection)) continue;
          conclude(dialogue);
          dialogues.delete(connection);
        }
      },
    };

    function conclude({ answer }: Dialogue): void {
      if (answer === 'refused') check(true, 'RIVER-HS-19', 'client');
      if (answer === 'odd') check(true, 'RIVER-HS-22', 'client');
    }
  },
);

function answerIn(message: RiverMessage | undefined): Dialogue['answer'] {
  if (message === undefined) return 'unclear';
  if (!isHandshakeResponse(message.payload)) return 'odd';
  return message.payload.status.ok ? 'ok' : 'refused';
}

function claimsToBeRequest(message: RiverMessage | undefined): message is RiverMessage {
  return isPlainObject(message?.payload) && message.payload['type'] === 'HANDSHAKE_REQ';
}

function judgeFirst(check: Check, message: RiverMessage | undefined, n: number): void {
  const isRequest = claimsToBeRequest(message);
  check(isRequest, 'RIVER-HS-01', 'client', () => 'the first message on the connection is not a handshake request', [n]);
  if (!isRequest) return;
  const { seq, ack, controlFlags, payload } = message;
  const numbers = () => `a handshake request has seq ${seq}, ack ${ack}, controlFlags ${controlFlags}; all three must be 0`;
  check(seq === 0 && ack === 0 && controlFlags === 0, 'RIVER-HS-02', 'client', numbers, [n]);
  check(whyIncomplete(payload) === undefined, 'RIVER-HS-03', 'client', () => `handshake request: ${whyIncomplete(payload)}`, [n]);
}

function whyIncomplete(payload: unknown): string | undefined {
  if (!isHandshakeRequest(payload)) return 'protocolVersion, sessionId or the two integers of expectedSessionState are missing or mistyped';
  if (payload.protocolVersion !== PROTOCOL_VERSION) return `protocolVersion is ${payload.protocolVersion}, not ${PROTOCOL_VERSION}`;
  if (payload.sessionId === '') return 'sessionId is empty';
  const { nextExpectedSeq, nextSentSeq } = payload.expectedSessionState;
  return nextExpectedSeq < 0 || nextSentSeq < 0 ? 'the numbers of expectedSessionState are negative' : undefined;
}

function judgeLater(check: Check, message: RiverMessage | undefined, dialogue: Dialogue, n: number): void {
  const { request, answer, answered } = dialogue;
  if (claimsToBeRequest(message) && message.controlFlags === 0) {
    check(false, 'RIVER-HS-01', 'client', () => 'a second handshake request on one connection', [n, request]);
  } else if (answer === 'refused') {
    check(false, 'RIVER-HS-19', 'client', () => 'a message after the handshake was refused on this connection', [n, answered]);
  } else if (answer === 'odd') {
    const odd = () => 'a message after an answer on this connection that has not the shape of a handshake response';
    check(false, 'RIVER-HS-22', 'client', odd, [n, answered]);
  } else if (answer !== 'unclear') {
    const early = () => 'a message before a successful handshake response arrived on this connection';
    check(answer === 'ok', 'RIVER-HS-05', 'client', early, [n, request]);
  }
}
