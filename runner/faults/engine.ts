import type { Carrier } from '../../protocols/common/carrier.ts';
import { type Frame, type MessageFrame, messageOf, type Party } from '../../protocols/common/frame.ts';
import { timesOf } from '../../protocols/common/times.ts';
import { armedBy } from './armed.ts';
import { type Ends, oppositeOf } from './ends.ts';
import type { FaultAction, FaultInput, FaultTools } from './exchange.ts';
import type { Fault } from './fault.ts';
import { faultText } from './fault-text.ts';
import { unfit, unfitSays } from './fitness.ts';
import { type Injected, type Order, orderOf } from './order.ts';
import { drain, end, nameOf, pass, type Turn } from './pipeline.ts';
import { type ConnectionState, enlist, type FaultState, type Rule } from './state.ts';

/**
 * Takes one input and gives the actions it causes. `state` (from `startFaults`) is changed in place and is all that
 * the engine remembers. Throws an Error saying why where a fault cannot be armed or carried out.
 */
export function advance(state: FaultState, input: FaultInput, tools: FaultTools): readonly FaultAction[] {
  const turn: Turn = { state, tools, actions: [] };
  switch (input.type) {
    case 'arm':
      arm(turn, input.fault);
      break;
    case 'lift':
      lift(turn, input.rule);
      break;
    case 'dial':
      dial(turn, input.connection, input.ends);
      break;
    case 'frame':
      arrive(turn, input.event);
      break;
    case 'ended':
      hangUp(turn, input.connection, input.by, input.how);
      break;
    case 'due':
      due(turn, input.timer);
      break;
  }
  if (state.rules.some(isSpent)) {
    state.rules = state.rules.filter((rule) => !isSpent(rule));
    state.revision += 1;
  }
  return turn.actions;
}

function dial(turn: Turn, id: number, ends: Ends = { dialler: 'client', acceptor: 'server' }): void {
  const refusal = turn.state.rules.find((rule) => rule.type === 'refuse' && rule.left > 0 && isOf(ends, rule.of));
  const connection: ConnectionState = {
    id,
    ends,
    accepted: refusal === undefined,
    frames: { client: 0, server: 0, broker: 0 },
    gone: { client: false, server: false, broker: false },
    finished: [],
    close: undefined,
    reported: false,
  };
  if (refusal?.type !== 'refuse') {
    turn.state.connections.set(id, connection);
    turn.actions.push({ type: 'accept', connection: id });
    return;
  }
  refusal.left -= 1;
  turn.state.revision += 1;
  note(turn, `refuse (${refusal.how}): connection ${id}`, id);
  turn.actions.push({ type: 'refuse', connection: id, how: refusal.how });
  if (refusal.how === 'silent') turn.state.connections.set(id, connection);
  else turn.actions.push({ type: 'closed', connection: id, by: 'proxy', how: refusal.how === 'http' ? 'fin' : 'rst', code: undefined });
}

function arrive(turn: Turn, event: Extract<FaultInput, { type: 'frame' }>['event']): void {
  const connection = turn.state.connections.get(event.connection);
  if (connection === undefined || !connection.accepted) return;
  const { from, frame } = event;
  connection.frames[from] += 1;
  if (frame.class === 'closing' && turn.tools.carrier.fin === undefined) connection.close ??= { by: from, code: frame.code };
  const count = connection.frames[from];
  pass(turn, { type: 'frame', connection: connection.id, from, event, frame, altered: false, split: undefined, count }, 0);
}

function hangUp(turn: Turn, id: number, by: Party, how: 'fin' | 'rst'): void {
  const connection = turn.state.connections.get(id);
  if (connection === undefined || connection.gone[by]) return;
  connection.gone[by] = true;
  if (connection.accepted) pass(turn, { type: 'ended', connection: id, from: by, how }, 0);
  else end(turn, connection, by, how);
}

function due(turn: Turn, timer: number): void {
  for (const [at, rule] of turn.state.rules.entries()) {
    const kept = rule.type === 'strike' ? rule.kept.find((entry) => entry.timer === timer) : undefined;
    if (rule.type !== 'strike' || kept === undefined) continue;
    kept.timer = undefined;
    drain(turn, rule, at);
    return;
  }
}

function arm(turn: Turn, fault: Fault): void {
  const order = orderOf(fault);
  const { carrier } = turn.tools;
  const said = unfit(fault, carrier);
  if (said !== undefined) throw new Error(unfitSays(said, carrier));
  const of = 'of' in order ? order.of : undefined;
  const live = [...turn.state.connections.values()].filter(({ ends }) => isOf(ends, of));
  const on = live.length === 0 ? 'no live connection' : `connection ${live.map(({ id }) => id).join(', ')}`;
  switch (order.do) {
    case 'strike': {
      const { strike, pattern, skip, times } = order;
      const says = faultText(fault);
      note(turn, `armed: ${says}`);
      enlist(turn.state, { type: 'strike', strike, aim: { pattern, skip, left: times, struck: 0 }, kept: [], says });
      return;
    }
    case 'cut':
      note(turn, `cut (${order.how}): ${on}`);
      for (const connection of live) end(turn, connection, 'proxy', order.how);
      if (order.refuse) enlist(turn.state, { type: 'refuse', how: 'reset', left: Infinity, of: order.of });
      return;
    case 'close': {
      const { close: make } = carrier;
      if (make === undefined) throw new Error(`close: ${carrier.name} has no close frames`);
      note(turn, `close ${order.code ?? 'without code'}: ${on}`);
      for (const connection of live) close(turn, connection, order, make);
      return;
    }
    case 'stall':
      note(turn, `stall from ${order.from}: ${on}`);
      enlist(turn.state, {
        type: 'stall',
        connections: new Set(live.map(({ id }) => id)),
        from: order.from,
        kept: [],
        lifted: false,
      });
      return;
    case 'refuse':
      note(turn, `armed: ${faultText(fault)}`);
      enlist(turn.state, { type: 'refuse', how: order.how, left: order.times, of: order.of });
      return;
    case 'inject':
      inject(turn, order.toward, order.what, order.of, faultText(fault));
      return;
    case 'restore':
      note(turn, 'restore');
      for (const rule of turn.state.rules) if (rule.type === 'refuse') rule.left = 0;
      resume(turn);
      return;
    case 'resume':
      note(turn, 'resume');
      resume(turn);
      return;
    case 'release':
      release(turn);
      return;
  }
}

function close(
  turn: Turn,
  connection: ConnectionState,
  { code, toward }: Extract<Order, { do: 'close' }>,
  make: NonNullable<Carrier['close']>,
): void {
  for (const to of [connection.ends.dialler, connection.ends.acceptor]) {
    if (!connection.accepted || connection.gone[to] || (toward !== 'both' && toward !== to)) continue;
    deliverOwn(turn, connection, to, make(code, ''));
  }
  end(turn, connection, 'proxy', 'fin', { code });
}

function inject(turn: Turn, to: Party, what: Injected, of: string | undefined, says: string): void {
  const connection = [...turn.state.connections.values()].findLast(
    ({ accepted, gone, ends }) => accepted && !gone[to] && (ends.dialler === to || ends.acceptor === to) && isOf(ends, of),
  );
  if (connection === undefined) throw new Error('inject: there is no live connection to put the frame on');
  const frame = frameOf(turn.tools, what);
  note(turn, `${says}: connection ${connection.id}`, connection.id);
  deliverOwn(turn, connection, to, frame);
}

/** Delivers a frame that nobody sent, as if it came from the other end. */
function deliverOwn(turn: Turn, connection: ConnectionState, to: Party, frame: Frame): void {
  turn.actions.push({
    type: 'deliver',
    connection: connection.id,
    to,
    from: oppositeOf(connection, to),
    of: undefined,
    altered: false,
    frame,
    split: undefined,
  });
}

function frameOf(tools: FaultTools, what: Injected): MessageFrame {
  switch (what.kind) {
    case 'message':
      return tools.encode(what.message);
    case 'hex':
      return messageOf(new Uint8Array(Buffer.from(what.hex, 'hex')));
    case 'text':
      return messageOf(new TextEncoder().encode(what.text), true);
  }
}

/** Ends one fault at work. What it has struck was noted then, and is counted here once more. */
function lift(turn: Turn, id: number): void {
  const at = turn.state.rules.findIndex((rule) => rule.id === id);
  const rule = turn.state.rules[at];
  if (rule === undefined) throw new Error(`fault ${id} is not at work any more`);
  const { what, struck } = armedBy(rule);
  note(turn, `lifted: ${what}${struck === undefined ? '' : `; struck ${timesOf(struck)}`}`);
  switch (rule.type) {
    case 'refuse':
      rule.left = 0;
      return;
    case 'stall':
      rule.lifted = true;
      break;
    case 'strike':
      rule.aim.left = 0;
      break;
  }
  letGo(turn, rule, at);
}

function resume(turn: Turn): void {
  for (const [at, rule] of turn.state.rules.entries()) {
    if (rule.type !== 'stall') continue;
    rule.lifted = true;
    letGo(turn, rule, at);
  }
}

/** Passes on all that a rule keeps, in the order in which it came. */
function letGo(turn: Turn, rule: Exclude<Rule, { type: 'refuse' }>, at: number): void {
  const { kept } = rule;
  rule.kept = [];
  for (const { item } of kept) pass(turn, item, at + 1);
}

/** Lets go what holds keep back; a hold that has struck is over then, one that has not waits on. */
function release(turn: Turn): void {
  let held = false;
  for (const [at, rule] of turn.state.rules.entries()) {
    if (rule.type !== 'strike' || rule.strike.word !== 'hold' || rule.aim.struck === 0) continue;
    held = true;
    rule.aim.left = 0;
    const names = rule.kept.map(({ item }) => (item.type === 'frame' ? nameOf(item) : item.from));
    note(turn, `release: ${names.join(', ') || 'nothing is left of what was held'}`);
    letGo(turn, rule, at);
  }
  if (!held) note(turn, 'release: nothing is held');
}

function note(turn: Turn, what: string, connection?: number): void {
  const action: FaultAction = { type: 'note', connection, what };
  turn.actions.push(action);
}

/** Whether a connection is one that an instance of that name dialled; without a name each is. */
function isOf({ of }: Ends, name: string | undefined): boolean {
  return name === undefined || of === name;
}

/** Whether a rule has nothing more to do. */
function isSpent(rule: Rule): boolean {
  switch (rule.type) {
    case 'refuse':
      return rule.left === 0;
    case 'stall':
      return rule.lifted;
    case 'strike':
      return rule.aim.left === 0 && rule.kept.length === 0;
  }
}
