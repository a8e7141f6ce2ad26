import { isFin } from '../../protocols/common/carrier.ts';
import type { CloseFrame, Frame, Party } from '../../protocols/common/frame.ts';
import { type Alteration, alter } from './alter.ts';
import { oppositeOf } from './ends.ts';
import type { ClosedAction, FaultAction, FaultTools } from './exchange.ts';
import { type Aim, type ConnectionState, enlist, type FaultState, type FrameItem, type Item, type Rule } from './state.ts';

/** One input being worked on: the state, the protocol, and the actions so far. */
export interface Turn {
  readonly state: FaultState;
  readonly tools: FaultTools;
  readonly actions: FaultAction[];
}

type StrikeRule = Extract<Rule, { type: 'strike' }>;

/** Sends an item through the rules from the given index on, and out to the other end if none keeps it. */
export function pass(turn: Turn, item: Item, from: number): void {
  let current = item;
  for (let at = from; at < turn.state.rules.length; at += 1) {
    const connection = turn.state.connections.get(item.connection);
    const rule = turn.state.rules[at];
    if (connection === undefined || rule === undefined) return;
    switch (rule.type) {
      case 'refuse':
        break;
      case 'stall':
        if (rule.lifted || !rule.connections.has(item.connection) || (rule.from !== 'both' && rule.from !== item.from)) break;
        rule.kept.push({ item: current, timer: undefined });
        // The end has given up a half-open connection; nobody else will ever say so.
        if (current.type === 'ended') report(turn, connection, current.from, current.how);
        else if (current.frame.class === 'closing') report(turn, connection, current.from, 'fin');
        return;
      case 'strike': {
        const next = strike(turn, rule, at, current);
        if (next === undefined) return;
        current = next;
        break;
      }
    }
  }
  deliver(turn, current);
}

/** Lets a rule act on an item. Returns the item as it goes on to the next rule, undefined where the rule has seen to it. */
function strike(turn: Turn, rule: StrikeRule, at: number, item: Item): Item | undefined {
  const hit = item.type === 'frame' && takesAim(turn, rule.aim, item) ? item : undefined;
  switch (rule.strike.word) {
    case 'delay':
      return delay(turn, rule, rule.strike.nominalMs, item, hit);
    case 'reorder':
      return reorder(turn, rule, at, item, hit);
  }
  if (hit === undefined) return item;
  switch (rule.strike.word) {
    case 'drop':
      struck(turn, 'drop', hit);
      return undefined;
    case 'stall': {
      struck(turn, 'stall', hit);
      const connections = new Set([hit.connection]);
      enlist(turn.state, { type: 'stall', connections, from: hit.from, kept: [{ item: hit, timer: undefined }], lifted: false });
      return undefined;
    }
    case 'hold':
      struck(turn, 'hold', hit);
      rule.kept.push({ item: hit, timer: undefined });
      return undefined;
    case 'duplicate':
      struck(turn, 'duplicate', hit);
      pass(turn, hit, at + 1);
      return hit;
    case 'corrupt':
    case 'truncate':
    case 'replace':
      return altered(turn, rule.strike, hit);
    case 'split': {
      if (hit.frame.class !== 'data') return unfit(turn, 'split', hit, 'it is no message');
      const { split } = rule.strike;
      struck(turn, 'into' in split ? `split into ${split.into}` : `split at byte ${split.at}`, hit);
      return { ...hit, split };
    }
    case 'cut': {
      struck(turn, `cut ${rule.strike.at}`, hit);
      if (rule.strike.at === 'after') pass(turn, hit, at + 1);
      const connection = turn.state.connections.get(hit.connection);
      if (connection !== undefined) {
        const to = oppositeOf(connection, hit.from);
        if (rule.strike.at === 'inside' && !connection.gone[to]) {
          turn.actions.push({ type: 'deliver-part', connection: hit.connection, to, frame: hit.frame });
        }
        end(turn, connection, 'proxy', rule.strike.how);
      }
      if (rule.strike.refuse) enlist(turn.state, { type: 'refuse', how: 'reset', left: Infinity });
      return undefined;
    }
  }
}

function takesAim(turn: Turn, aim: Aim, item: FrameItem): boolean {
  if (aim.left === 0 || !turn.tools.matches(aim.pattern, item.event)) return false;
  turn.state.revision += 1;
  if (aim.skip > 0) {
    aim.skip -= 1;
    return false;
  }
  aim.left -= 1;
  aim.struck += 1;
  return true;
}

function delay(turn: Turn, rule: StrikeRule, nominalMs: number, item: Item, hit: FrameItem | undefined): Item | undefined {
  if (hit === undefined) {
    if (!rule.kept.some((kept) => sameLane(kept.item, item))) return item;
    rule.kept.push({ item, timer: undefined });
    return undefined;
  }
  const timer = turn.state.nextTimer;
  turn.state.nextTimer += 1;
  struck(turn, `delay ${nominalMs} ms`, hit);
  rule.kept.push({ item: hit, timer });
  turn.actions.push({ type: 'timer', timer, nominalMs });
  return undefined;
}

/** Lets go what a delay kept, up to the first frame of each lane that has still to wait. */
export function drain(turn: Turn, rule: StrikeRule, at: number): void {
  const waiting: typeof rule.kept = [];
  const free: Item[] = [];
  for (const kept of rule.kept) {
    if (kept.timer !== undefined || waiting.some((earlier) => sameLane(earlier.item, kept.item))) waiting.push(kept);
    else free.push(kept.item);
  }
  rule.kept = waiting;
  for (const item of free) pass(turn, item, at + 1);
}

/** Swaps with the next message; keep-alives slip by, and nothing may follow a close, so there the kept frame goes first. */
function reorder(turn: Turn, rule: StrikeRule, at: number, item: Item, hit: FrameItem | undefined): Item | undefined {
  if (hit !== undefined) {
    struck(turn, 'reorder', hit);
    rule.kept.push({ item: hit, timer: undefined });
    return undefined;
  }
  const first = rule.kept[0]?.item;
  if (first === undefined || !sameLane(first, item)) return item;
  if (item.type === 'frame' && item.frame.class === 'upkeep') return item;
  rule.kept = [];
  const swaps = item.type === 'frame' && item.frame.class === 'data';
  pass(turn, swaps ? item : first, at + 1);
  if (!swaps) return item;
  pass(turn, first, at + 1);
  return undefined;
}

function altered(turn: Turn, alteration: Alteration, hit: FrameItem): FrameItem {
  if (hit.frame.class !== 'data') return unfit(turn, alteration.word, hit, 'it is no message');
  let frame: Frame;
  try {
    frame = alter(alteration, { frame: hit.frame, event: hit.event }, turn.tools);
  } catch (error) {
    return unfit(turn, alteration.word, hit, error instanceof Error ? error.message : String(error));
  }
  struck(turn, alteration.word, hit);
  return { ...hit, frame, altered: true };
}

function struck(turn: Turn, what: string, item: FrameItem): void {
  turn.actions.push({ type: 'note', connection: item.connection, what: `${what}: ${nameOf(item)}` });
}

function unfit(turn: Turn, word: string, item: FrameItem, why: string): FrameItem {
  turn.actions.push({ type: 'note', connection: item.connection, what: `${word}: ${nameOf(item)} passed as it was: ${why}` });
  return item;
}

/** `server frame 3 of connection 0` */
export function nameOf(item: FrameItem): string {
  return `${item.from} frame ${item.count} of connection ${item.connection}`;
}

function sameLane(a: Item, b: Item): boolean {
  return a.connection === b.connection && a.from === b.from;
}

function deliver(turn: Turn, item: Item): void {
  const connection = turn.state.connections.get(item.connection);
  if (connection === undefined) return;
  if (item.type === 'ended') {
    end(turn, connection, item.from, item.how);
    return;
  }
  const to = oppositeOf(connection, item.from);
  if (connection.gone[to]) return;
  const { event, altered: isAltered, frame, split } = item;
  turn.actions.push({ type: 'deliver', connection: connection.id, to, from: item.from, of: event.n, altered: isAltered, frame, split });
  if (isFin(turn.tools.carrier, frame)) finish(turn, connection, item.from);
}

/** Notes that a FIN was passed on. With the second the connection is over, and the first has ended it. */
function finish(turn: Turn, connection: ConnectionState, from: Party): void {
  if (!connection.finished.includes(from)) connection.finished.push(from);
  const [first, second] = connection.finished;
  if (first !== undefined && second !== undefined) end(turn, connection, first, 'fin');
}

/** What a close frame says that the proxy put on a connection itself. */
type OwnClose = Pick<CloseFrame, 'code'>;

/** Ends both sides of a connection and forgets all that is kept of it. `close` is given where the proxy put a close frame itself. */
export function end(turn: Turn, connection: ConnectionState, by: Party | 'proxy', how: 'fin' | 'rst', close?: OwnClose): void {
  report(turn, connection, by, how, close);
  turn.actions.push({ type: 'end', connection: connection.id, how });
  turn.state.connections.delete(connection.id);
  for (const rule of turn.state.rules) {
    if (rule.type !== 'refuse') rule.kept = rule.kept.filter(({ item }) => item.connection !== connection.id);
  }
}

/** Reports that a connection ended, unless that was done: by whom first, and in order where that end had sent a close frame. */
function report(turn: Turn, connection: ConnectionState, by: Party | 'proxy', how: 'fin' | 'rst', close?: OwnClose): void {
  if (connection.reported) return;
  connection.reported = true;
  const closed: Omit<ClosedAction, 'type' | 'connection'> =
    by === 'proxy'
      ? { by, how: close === undefined ? how : 'close', code: close?.code }
      : connection.close === undefined
        ? { by, how, code: undefined }
        : { by: connection.close.by, how: 'close', code: connection.close.code };
  turn.actions.push({ type: 'closed', connection: connection.id, ...closed });
}
