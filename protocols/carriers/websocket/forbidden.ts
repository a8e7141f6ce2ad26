import { isUtf8 } from 'node:buffer';
import type { CarrierProblem } from '../../common/carrier.ts';
import type { Frame } from '../../common/frame.ts';
import { mayBeSent } from './close-codes.ts';

/**
 * What a frame says that no end may say, though it can be read: a close code that is never on the wire (RFC 6455, section 7.4), a text
 * that is not UTF-8 (section 8.1). Who receives it must end the connection, so what follows is of this cause.
 */
export function forbiddenIn(frame: Frame): CarrierProblem | undefined {
  if (frame.class === 'closing' && frame.code !== undefined && !mayBeSent(frame.code)) {
    return {
      kind: 'forbidden-code',
      detail: String(frame.code),
      text: `sent a close frame with the code ${frame.code}, which is none that may be sent`,
      own: true,
    };
  }
  if (frame.class === 'data' && frame.text && !isUtf8(frame.data)) {
    return { kind: 'no-utf8', detail: 'message', text: 'sent a text message that is not UTF-8', own: true };
  }
  return undefined;
}
