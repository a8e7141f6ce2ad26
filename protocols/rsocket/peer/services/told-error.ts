import { errorCode } from '../../error-codes.ts';
import type { Incoming } from '../sinks.ts';

/** Fails a call as a text says: `INVALID no such thing`, `0x301 mine`; APPLICATION_ERROR where it names no code. */
export function failAsTold(call: Incoming, told: string): void {
  const [word = '', ...rest] = told.split(' ');
  const code = errorCode(word);
  call.fail(code ?? 'APPLICATION_ERROR', code === undefined ? told : rest.join(' '));
}
