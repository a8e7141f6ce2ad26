import type { Environment } from '../../protocols/common/environment.ts';

/** Does things one after the other, in the order in which it was asked to; each takes a while. */
export type Later = (happen: () => void) => void;

/** Starts such a queue; `draw` gives for each thing how long it takes, ms of the environment. */
export function startLater(environment: Environment, draw: () => number): Later {
  const waiting: { readonly at: number; readonly happen: () => void }[] = [];
  const next = (): void => {
    const [first] = waiting;
    if (first === undefined) return;
    environment.after(Math.max(0, first.at - environment.now()), () => {
      waiting.shift();
      next();
      first.happen();
    });
  };
  return (happen) => {
    waiting.push({ at: Math.max(environment.now(), waiting.at(-1)?.at ?? 0) + draw(), happen });
    if (waiting.length === 1) next();
  };
}
