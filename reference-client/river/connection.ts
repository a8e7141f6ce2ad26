import type { CancelTimer, Dial, Link } from '../../protocols/common/environment.ts';
import type { MessageFrame } from '../../protocols/common/frame.ts';
import type { SessionState } from '../../protocols/river/session.ts';

/** Where a client's connection stands (notes, section 9). `cancel` stops the timer that guards the phase. */
export type Phase =
  | { readonly name: 'no-connection' }
  | { readonly name: 'backing-off'; readonly cancel: CancelTimer }
  | { readonly name: 'connecting'; readonly link: Link; readonly cancel: CancelTimer }
  | { readonly name: 'handshaking'; readonly link: Link; readonly cancel: CancelTimer }
  | { readonly name: 'connected'; readonly link: Link; readonly cancel: CancelTimer }
  /** Opened by a script; nothing happens on it by itself, until an ok answers the handshake that offered a session. */
  | { readonly name: 'raw'; readonly link: Link; readonly open: boolean; readonly offered: SessionState | undefined };

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
  const link = linkOf(phase);
  if (link === undefined) return;
  if (phase.name === 'connecting') link.abort();
  else link.close(1000, '');
}

/** What a link's owner hears, with the link it is about. */
export interface LinkListener {
  opened(link: Link): void;
  message(link: Link, frame: MessageFrame): void;
  closed(link: Link): void;
}

/** Dials; the listener hears of the link as long as `isCurrent` says so: a link that was given up is never heard again (RIVER-RECON-18). */
export function dialLink(dial: Dial, isCurrent: (link: Link) => boolean, listener: LinkListener): Link {
  const whileCurrent = (act: () => void) => {
    if (isCurrent(link)) act();
  };
  const link: Link = dial({
    opened: () => whileCurrent(() => listener.opened(link)),
    message: (frame) => whileCurrent(() => listener.message(link, frame)),
    closed: () => whileCurrent(() => listener.closed(link)),
  });
  return link;
}
