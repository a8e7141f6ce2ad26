import type { Party } from './frame.ts';
import type { Lane, NormalItem } from './normalise.ts';
import { sameValue } from './value.ts';

/** A message about to be added to a lane. */
export type NewItem = Omit<NormalItem, 'events'>;

/** Collects lanes while a trace is read. */
export interface LaneBook {
  /** Makes the lane exist even if nothing is ever added to it. */
  declare(name: string, from: Party): void;
  /** Adds an item; the answer is its list of events, to which retransmissions may be added. */
  add(name: string, from: Party, item: NewItem, n: number): number[];
  /** Adds an item, or only its event where the lane's last item is the same. */
  addUnlessRepeated(name: string, from: Party, item: NewItem, n: number): void;
  /** The items of a lane so far. */
  items(name: string, from: Party): readonly (NormalItem & { readonly events: number[] })[];
  /** All lanes in order of appearance. */
  all(): readonly Lane[];
}

/** An empty book. */
export function laneBook(): LaneBook {
  const lanes = new Map<string, { name: string; from: Party; items: (NewItem & { readonly events: number[] })[] }>();
  const lane = (name: string, from: Party) => {
    const found = lanes.get(`${from} ${name}`) ?? { name, from, items: [] };
    lanes.set(`${from} ${name}`, found);
    return found;
  };
  const add: LaneBook['add'] = (name, from, { kind, value, circumstance }, n) => {
    const events = [n];
    // There may be a million of them: each has no more members than it needs, written out, which takes half the room of a spread.
    lane(name, from).items.push(circumstance === undefined ? { kind, value, events } : { kind, value, circumstance, events });
    return events;
  };
  return {
    add,
    declare: (name, from) => void lane(name, from),
    addUnlessRepeated(name, from, item, n) {
      const last = lane(name, from).items.at(-1);
      if (last !== undefined && last.kind === item.kind && sameValue(last.value, item.value)) last.events.push(n);
      else add(name, from, item, n);
    },
    items: (name, from) => lane(name, from).items,
    all: () => [...lanes.values()],
  };
}
