/** Something that is to happen at a time. */
export interface QueuedEvent {
  readonly at: number;
  /** Counts all events; decides between events of the same time. */
  readonly order: number;
  /** Undefined once it was cancelled or taken. */
  happen: (() => void) | undefined;
}

/** Events ordered by time, then by insertion (a binary heap). */
export interface EventQueue {
  /** Adds an event; clear its `happen` to cancel it. */
  add(at: number, happen: () => void): QueuedEvent;
  /** Removes the first event that was not cancelled; undefined when there is none. */
  take(): { readonly at: number; readonly happen: () => void } | undefined;
  /** Removes all events; they hold on to whatever they would have moved. */
  clear(): void;
}

/** An empty queue. */
export function createEventQueue(): EventQueue {
  const heap: QueuedEvent[] = [];
  let added = 0;

  function rise(event: QueuedEvent): void {
    let at = heap.length;
    heap.push(event);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || isBefore(parent, event)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = event;
  }

  function sink(event: QueuedEvent): void {
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      let child = heap[below];
      const right = heap[below + 1];
      if (child !== undefined && right !== undefined && isBefore(right, child)) {
        below += 1;
        child = right;
      }
      if (child === undefined || isBefore(event, child)) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = event;
  }

  return {
    add(at, happen) {
      const event = { at, order: added, happen };
      added += 1;
      rise(event);
      return event;
    },
    take() {
      for (let first = heap[0]; first !== undefined; first = heap[0]) {
        const last = heap.pop();
        if (last !== undefined && last !== first) sink(last);
        const { at, happen } = first;
        first.happen = undefined;
        if (happen !== undefined) return { at, happen };
      }
      return undefined;
    },
    clear() {
      heap.length = 0;
    },
  };
}

function isBefore(a: QueuedEvent, b: QueuedEvent): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
