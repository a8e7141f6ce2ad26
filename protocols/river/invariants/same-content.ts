import { sameValue } from '../../common/value.ts';
import type { RiverMessage } from '../message.ts';
import { isHandshakeRequest, isHandshakeResponse } from '../validate.ts';
import type { EndSession, FirstSent } from './end-session.ts';
import { endInvariant } from './judging.ts';

/**
 * One seq is one message: a retransmission repeats id, stream, flags and payload (RIVER-SEQ-11), and an id belongs to
 * one message only (RIVER-MSG-03).
 */
export const sameContent = endInvariant('same-content', ['RIVER-SEQ-11', 'RIVER-MSG-03'], ['client', 'server'], (role, _facts, check) => {
  /** Per sender: message id to the place of the message. */
  const places = new Map<string, { readonly session: EndSession | undefined; readonly seq: number; readonly n: number }>();
  const judgeId = (message: RiverMessage, session: EndSession | undefined, n: number): void => {
    const key = JSON.stringify([message.from, message.id]);
    const earlier = places.get(key);
    if (earlier === undefined) places.set(key, { session, seq: message.seq, n });
    const same = earlier === undefined || (session !== undefined && earlier.session === session && earlier.seq === message.seq);
    check(same, 'RIVER-MSG-03', role, () => `id ${message.id} was used before for another message`, [n, earlier?.n]);
  };
  return {
    observe: (event) => {
      if (event.type !== 'sent' || event.from !== role || !event.decoded?.ok) return;
      const { message } = event.decoded;
      if (isHandshakeRequest(message.payload) || isHandshakeResponse(message.payload)) judgeId(message, undefined, event.n);
    },
    sending: ({ event, message, session }) => {
      // A murky session may have died and begun anew at 0.
      if (session.murky || isHandshakeRequest(message.payload) || isHandshakeResponse(message.payload)) return;
      const original = session.sent.get(message.seq);
      if (original !== undefined) {
        const changed = difference(original.message, message);
        check(
          changed === undefined,
          'RIVER-SEQ-11',
          role,
          () => `seq ${message.seq} is sent again with another ${changed}; a retransmission repeats the original`,
          [event.n, original.n],
        );
        if (changed === 'id') return;
      }
      judgeId(message, session, event.n);
    },
    forget: ({ before }) => {
      for (const [key, { n }] of places) {
        if (n >= before) break;
        places.delete(key);
      }
    },
  };
});

function difference(a: FirstSent['message'], b: FirstSent['message']): string | undefined {
  const fields = ['id', 'streamId', 'controlFlags', 'payload'] as const;
  return fields.find((field) => !sameValue(a[field], b[field]));
}
