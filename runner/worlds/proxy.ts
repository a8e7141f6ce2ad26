import type { CarrierProblem } from '../../protocols/common/carrier.ts';
import type { Environment } from '../../protocols/common/environment.ts';
import type { Frame, Party } from '../../protocols/common/frame.ts';
import { type Instance, instanceName } from '../../protocols/common/instance.ts';
import { type ArmedFault, armedFaults } from '../faults/armed.ts';
import { advance } from '../faults/engine.ts';
import type { DeliverAction, FaultAction, FaultInput, FaultTools } from '../faults/exchange.ts';
import type { Fault } from '../faults/fault.ts';
import { startFaults } from '../faults/state.ts';
import type { WireRecorder } from './recorder.ts';

/** What the proxy does to connections: the actions of runner/faults/exchange.ts that need a network. */
export interface Wire {
  accept(connection: number): void;
  refuse(connection: number, how: 'reset' | 'silent' | 'http'): void;
  deliver(action: DeliverAction): void;
  deliverPart(connection: number, to: Party, frame: Frame): void;
  end(connection: number, how: 'fin' | 'rst'): void;
}

/** The fault engine at work between the two ends of a run. What happens on the wire is told to it, and goes into the trace. */
export interface WireProxy {
  /**
   * A connection reached the proxy: a client's, on its way to that server (undefined: the one that is there without a step), or where
   * both ends dial a broker that of `dialler`.
   * Connections are numbered from 0; the wire must know the number already.
   */
  opened(connection: number, server?: string, dialler?: Instance): void;
  sent(connection: number, from: Party, frame: Frame): void;
  ended(connection: number, by: Party, how: 'fin' | 'rst'): void;
  /** An end does what its carrier does not allow. */
  problem(connection: number, from: Party, problem: CarrierProblem): void;
  /** Arms, lifts or carries out a fault. Throws an Error saying why where it cannot. */
  fault(fault: Fault): void;
  /** Lifts a fault at work, by its `id`. Throws an Error where it is not at work any more. */
  lift(rule: number): void;
  /** The faults at work. */
  armed(): readonly ArmedFault[];
  /** Grows whenever they change. */
  armedRevision(): number;
  /** Whether no fault is armed and nothing has gone wrong, so that every frame passes as it comes. */
  idle(): boolean;
  /** The first thing that went wrong: in a fault after it was armed, or as `fail` was told. */
  failure(): Error | undefined;
  /** Something outside of it went wrong: nothing is passed on any more. */
  fail(error: Error): void;
}

/** Starts a proxy without faults. `timeScale` is the factor from nominal to the environment's ms. */
export function startProxy(wire: Wire, recorder: WireRecorder, environment: Environment, tools: FaultTools, timeScale: number): WireProxy {
  const state = startFaults();
  const actions: FaultAction[] = [];
  let carrying = false;
  let failure: Error | undefined;
  let over = false;

  function feed(input: FaultInput): void {
    recorder.catchUp();
    actions.push(...advance(state, input, tools));
    // What an action causes in turn comes after the actions before it.
    if (carrying) return;
    carrying = true;
    try {
      for (let action = actions.shift(); action !== undefined; action = actions.shift()) carryOut(action);
    } finally {
      carrying = false;
    }
  }

  function guarded(happen: () => void): void {
    if (over) return;
    try {
      happen();
    } catch (error) {
      failure ??= error instanceof Error ? error : new Error(String(error));
    }
  }

  function fail(error: Error): void {
    failure ??= error;
    over = true;
  }

  function feedFromWire(input: FaultInput): void {
    guarded(() => feed(input));
  }

  function carryOut(action: FaultAction): void {
    switch (action.type) {
      case 'accept':
        wire.accept(action.connection);
        break;
      case 'refuse':
        wire.refuse(action.connection, action.how);
        break;
      case 'deliver':
        recorder.delivered(action);
        wire.deliver(action);
        break;
      case 'deliver-part':
        wire.deliverPart(action.connection, action.to, action.frame);
        break;
      case 'end':
        wire.end(action.connection, action.how);
        break;
      case 'closed':
        recorder.closed(action);
        break;
      case 'timer':
        environment.after(action.nominalMs * timeScale, () => feedFromWire({ type: 'due', timer: action.timer }));
        break;
      case 'note':
        recorder.fault(action.connection, action.what);
        break;
    }
  }

  return {
    opened(connection, server, dialler) {
      recorder.opened(connection, server, dialler);
      feedFromWire({ type: 'dial', connection, ends: dialler && { dialler: dialler.role, acceptor: 'broker', of: instanceName(dialler) } });
    },
    sent: (connection, from, frame) => guarded(() => feed({ type: 'frame', event: recorder.sent(connection, from, frame) })),
    problem: (connection, from, problem) => guarded(() => recorder.carrier(connection, from, problem)),
    ended: (connection, by, how) => feedFromWire({ type: 'ended', connection, by, how }),
    fault: (fault) => feed({ type: 'arm', fault }),
    lift: (rule) => feed({ type: 'lift', rule }),
    armed: () => armedFaults(state),
    armedRevision: () => state.revision,
    fail,
    idle: () => state.rules.length === 0 && failure === undefined,
    failure() {
      recorder.catchUp();
      return failure;
    },
  };
}
