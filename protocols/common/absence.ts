/**
 * A scripted peer cannot do what it is told, since the other end did not come: there is no connection, session or handshake to do it
 * to. The other end's failure, never the script's.
 */
export class AbsenceError extends Error {
  override readonly name = 'AbsenceError';
}
