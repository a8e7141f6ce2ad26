import type { EndSession } from './end-session.ts';

/** True for sessions of protocol v1.1, whose flags mean something else (notes, section 19). */
export function speaksOldVersion(session: EndSession): boolean {
  return session.version === 'v1.1';
}
