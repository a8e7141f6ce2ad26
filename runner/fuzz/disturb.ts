import type { Fault } from '../faults/fault.ts';
import type { Disturbance, FrameChoice } from './scenario.ts';
import type { Words } from './words.ts';

/** The fault as cases write it. */
export function faultOf(disturbance: Disturbance, words: Words): Fault {
  switch (disturbance.word) {
    case 'cut':
      return { cut: { how: disturbance.how } };
    case 'away':
      return { cut: { how: disturbance.how, reconnect: 'refuse' } };
    case 'cut-at':
      return { cut: { how: disturbance.how, at: disturbance.at, ...tied(disturbance.frame, words.frames) } };
    case 'close':
      return { close: { code: disturbance.code, toward: disturbance.toward } };
    case 'stall':
      return { stall: { from: disturbance.from } };
    case 'drop':
      return { drop: tied(disturbance.frame, words.numbered) };
    case 'duplicate': {
      return { duplicate: { ...tied(disturbance.frame, words.numbered), times: disturbance.times } };
    }
    case 'hold':
      return { hold: tied(disturbance.frame, words.numbered) };
    case 'reorder':
      return { reorder: tied(disturbance.frame, words.numbered) };
    case 'split':
      return { split: { ...tied(disturbance.frame, words.frames), into: disturbance.into } };
    case 'delay':
      return { delay: { ...tied(disturbance.frame, words.frames), for: disturbance.ms } };
    case 'refuse':
      return { refuse: { how: disturbance.how, times: disturbance.times } };
  }
}

/** How many attempts to connect a disturbance may cost a client. */
export function attemptsOf(disturbance: Disturbance): number {
  switch (disturbance.word) {
    case 'duplicate':
    case 'split':
      return 0;
    case 'cut':
    case 'cut-at':
    case 'close':
    case 'stall':
    case 'drop':
    case 'hold':
    case 'reorder':
    case 'delay':
      return 1;
    case 'away':
      return 2;
    case 'refuse':
      // An attempt that is never answered takes as long as several that are refused.
      return disturbance.times * (disturbance.how === 'silent' ? 2 : 1);
  }
}

function tied({ from, what, nth }: FrameChoice, frames: Words['frames']): { frame: Record<string, unknown>; nth: number } {
  return { frame: { from, ...frames[what % frames.length] }, nth };
}
