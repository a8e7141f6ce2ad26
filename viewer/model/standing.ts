import type { LiveFault } from '../live.ts';
import { count, number } from './text.ts';

/** Connections that are named. */
const NAMED = 8;

/** What a fault at work does, for people: `lets 2 pass, then strikes once`; `has struck 3 times, strikes whatever fits`; `holds connection 0, 1`. */
export function standing({ skip, struck = 0, left, connections }: LiveFault): string {
  if (connections !== undefined) return `holds ${named(connections)}`;
  const has = struck === 0 ? [] : [`has struck ${times(struck)}`];
  const lets = skip === 0 ? [] : [`lets ${number(skip)} pass`];
  const will =
    left === undefined ? 'strikes whatever fits' : left === 0 ? 'holds what it kept' : `strikes ${left === 1 ? 'once' : times(left)}`;
  return [...has, ...lets, will].join(', ');
}

function named(connections: readonly number[]): string {
  if (connections.length === 0) return 'nothing: no connection was there';
  const more = connections.length - NAMED;
  return `connection ${connections.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${count(more, 'other', 'others')}` : ''}`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${number(count)} times`;
}
