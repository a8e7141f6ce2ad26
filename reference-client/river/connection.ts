import type { CancelTimer, Link, LinkEvents } from '../../protocols/common/environment.ts';
import type { MessageFrame } from '../../protocols/common/frame.ts';

/** Where a client's connection stands (notes, section 9). `cancel` stops the timer that guards the phase. */
export type Phase =
  | { readonly name: 'no-connection' }
  | { readonly name: 'backing-off'; readonly cancel: CancelTimer }
  | { readonly name: 'connecting'; readonly link: Link; readonly cancel: CancelTimer }
  | { readonly name: 'handshaking'; readonly link: Link; readonly cancel: CancelTimer }
  | { readonly name: 'connected'; readonly link: Link; readonly cancel: CancelTimer };

/** The link of a phase, if it has one. */
export function linkOf(phase: Phase): Link | undefined {
  return 'link' in phase ? phase.link : undefined;
}

/** Stops the timer of a phase, if it has one. */
export function stopTimer(phase: Phase): void {
  if ('cancel' in phase) phase.cancel();
}

/** Ends a link in order with code 1000; one that never opened is given up instead. */
export function closeLink(phase: Phase): void {
  if (phase.name === 'connecting') phase.link.abort();
  else linkOf(phase)?.close(1000, '');
}

/** What a link's owner hears, with the link it is about. */
export interface LinkListener {
  opened(link: Link): void;
  message(link: Link, frame: MessageFrame): void;
  closed(link: Link): void;
}

/** Events that reach the listener only while `current` gives the link: one that was given up is never heard again (RIVER-RECON-18). */
export function eventsWhileCurrent(link: () => Link, current: () => Link | undefined, listener: LinkListener): LinkEvents {
  const heard = (act: (link: Link) => void) => {
    if (current() === link()) act(link());
  };
  return {
    opened: () => heard((owned) => listener.opened(owned)),
    message: (frame) => heard((owned) => listener.message(owned, frame)),
    closed: () => heard((owned) => listener.closed(owned)),
  };
}
