import type { Frame } from '../common/frame.ts';
import { show } from '../common/show.ts';
import type { Decoded } from '../common/trace.ts';
import { kindOf, kindOfMessage, procedureOf } from './classify.ts';
import type { RiverMessage } from './message.ts';
import { ACK, CANCEL, CLOSED, OPEN } from './message.ts';
import { isHandshakeRequest, isHandshakeResponse } from './validate.ts';

/**
 * One line for people: `#3/a2 open test.add {"n":1} [open|closed] stream k3`, where #3 is seq and a2 ack. Texts from
 * the wire are quoted where they are not plain words.
 */
export function summarise(frame: Frame, decoded: Decoded<RiverMessage> | undefined): string {
  switch (frame.class) {
    case 'closing':
      return `transport-close ${frame.code ?? 'without code'}${frame.reason === '' ? '' : ` ${show(frame.reason)}`}`;
    case 'upkeep':
    case 'opening':
      return frame.kind;
    case 'data': {
      if (decoded?.ok) return summariseMessage(decoded.message);
      const why = decoded === undefined ? '' : `: ${decoded.error}`;
      return `${kindOf(frame, decoded)} ${frame.text ? 'text frame, ' : ''}${frame.data.length} bytes${why}`;
    }
  }
}

function summariseMessage(message: RiverMessage): string {
  const kind = kindOfMessage(message);
  const position = `#${message.seq}/a${message.ack}`;
  const rest = `${flagNames(message.controlFlags)}stream ${word(message.streamId)}`;
  const payload = show(message.payload);
  switch (kind) {
    case 'handshake-request':
      return `${position} ${kind} ${requestInShort(message.payload) ?? payload}`;
    case 'handshake-response':
      return `${position} ${kind} ${responseInShort(message.payload) ?? payload}`;
    case 'heartbeat':
      return `${position} heartbeat`;
    case 'rehandshake-request':
      return `${position} ${kind}`;
    case 'open':
      return `${position} open ${word(procedureOf(message))} ${payload} ${rest}`;
    case 'close':
      return `${position} close ${rest}`;
    case 'rehandshake-response':
    case 'data':
    case 'cancel':
      return `${position} ${kind} ${payload} ${rest}`;
  }
}

function requestInShort(payload: unknown): string | undefined {
  if (!isHandshakeRequest(payload)) return undefined;
  const { nextExpectedSeq, nextSentSeq } = payload.expectedSessionState;
  const metadata = payload.metadata === undefined ? '' : ` metadata ${show(payload.metadata)}`;
  return `${word(payload.protocolVersion)} session ${word(payload.sessionId)} nextExpectedSeq ${nextExpectedSeq} nextSentSeq ${nextSentSeq}${metadata}`;
}

function responseInShort(payload: unknown): string | undefined {
  if (!isHandshakeResponse(payload)) return undefined;
  const { status } = payload;
  return status.ok ? `ok session ${word(status.sessionId)}` : `${status.code} ${show(status.reason)}`;
}

/** `[open|closed] ` with a trailing space; empty for 0. */
function flagNames(flags: number): string {
  return flags === 0 ? '' : `[${namesOf(flags).join('|')}] `;
}

/** Control flags in words: `open, closed`; empty for 0 and for what is no set of flags. Unknown bits are given as numbers. */
export function flagWords(flags: number): string {
  return Number.isSafeInteger(flags) && flags > 0 ? namesOf(flags).join(', ') : '';
}

function namesOf(flags: number): string[] {
  const named = [[ACK, 'ack'] as const, [OPEN, 'open'] as const, [CANCEL, 'cancel'] as const, [CLOSED, 'closed'] as const];
  const names: string[] = named.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
  const unknown = flags - named.reduce((sum, [bit]) => sum + (flags & bit), 0);
  if (unknown !== 0) names.push(String(unknown));
  return names;
}

function word(text: string): string {
  return /^[\w.-]{1,64}$/.test(text) ? text : show(text);
}
