import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';

/** Rows that are made above and below what is seen. */
const SPARE = 6;

/** Rows that are made before anything was measured, and on paper. */
const AT_FIRST = 60;
const ON_PAPER = 400;

/** Which rows of a long list are made: `from` up to `to`, which is not among them. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * Watches which of `count` rows of one height are in sight. `scroller` scrolls, `list` is as high as all rows and stands anywhere
 * in it.
 */
export function useStretch(
  scroller: RefObject<HTMLElement | null>,
  list: RefObject<HTMLElement | null>,
  count: number,
  rowHeight: number,
): Stretch {
  const [stretch, setStretch] = useState<Stretch>({ from: 0, to: AT_FIRST });
  const measure = (): void => {
    const [view, rows] = [scroller.current, list.current];
    if (view === null || rows === null) return;
    const above = view.getBoundingClientRect().top - rows.getBoundingClientRect().top;
    const first = Math.floor(above / rowHeight) - SPARE;
    const last = Math.ceil((above + view.clientHeight) / rowHeight) + SPARE;
    setStretch((now) => (now.from === first && now.to === last ? now : { from: first, to: last }));
  };
  // What stands above the list may have changed its height.
  useLayoutEffect(measure);
  useEffect(() => {
    const view = scroller.current;
    if (view === null) return;
    const watcher = new ResizeObserver(measure);
    watcher.observe(view);
    const print = (): void => setStretch({ from: 0, to: ON_PAPER });
    view.addEventListener('scroll', measure, { passive: true });
    addEventListener('beforeprint', print);
    addEventListener('afterprint', measure);
    return () => {
      watcher.disconnect();
      view.removeEventListener('scroll', measure);
      removeEventListener('beforeprint', print);
      removeEventListener('afterprint', measure);
    };
  }, [rowHeight]);
  return { from: Math.max(0, Math.min(stretch.from, count)), to: Math.max(0, Math.min(stretch.to, count)) };
}

/** Brings a row into sight, where it is not. */
export function reveal(view: HTMLElement | null, list: HTMLElement | null, index: number, rowHeight: number, sticky = 0): void {
  if (view === null || list === null || index < 0) return;
  const top = list.getBoundingClientRect().top - view.getBoundingClientRect().top + view.scrollTop + index * rowHeight;
  const room = Math.min(3 * rowHeight, view.clientHeight / 4);
  if (top - sticky < view.scrollTop) view.scrollTop = top - sticky - room;
  else if (top + rowHeight > view.scrollTop + view.clientHeight) view.scrollTop = top + rowHeight - view.clientHeight + room;
}
