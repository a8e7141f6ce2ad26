import { LOST, NO_CODE } from '../../common/environment.ts';

/** Whether a peer may send this close code (RFC 6455, section 7.4): some stand for something that is never on the wire. */
export function mayBeSent(code: number): boolean {
  if (code >= 3000) return code <= 4999;
  return code >= 1000 && code <= 1014 && code !== 1004 && code !== NO_CODE && code !== LOST;
}
