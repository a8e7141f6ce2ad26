import { eventInvariant } from './judging.ts';

/** Every message travels in a binary frame, with the JSON codec too (RIVER-CODEC-01). */
export const binaryFrames = eventInvariant('binary-frames', ['RIVER-CODEC-01'], (_facts, check) => ({
  observe: (event) => {
    if (event.type !== 'sent' || event.frame.class !== 'data') return;
    check(!event.frame.text, 'RIVER-CODEC-01', event.from, () => 'a text frame; messages travel in binary frames', [event.n]);
  },
}));
