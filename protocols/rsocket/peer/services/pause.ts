import type { CancelTimer } from '../../../common/environment.ts';
import type { ServiceSurroundings } from './service.ts';

/** Runs something nominal ms from now. */
export function afterNominal({ environment, timeScale }: ServiceSurroundings, ms: number, then: () => void): CancelTimer {
  return environment.after(ms * timeScale, then);
}
