import { webSocket } from '../../../protocols/carriers/websocket/carrier.ts';
import type { Carrier } from '../../../protocols/common/carrier.ts';
import type { CloseFrame, Frame, MessageFrame, Role } from '../../../protocols/common/frame.ts';
import { isPlainObject } from '../../../protocols/common/value.ts';
import { type ArmedFault, armedFaults } from '../armed.ts';
import { advance } from '../engine.ts';
import type { FaultAction, FaultInput, FaultTools } from '../exchange.ts';
import type { Fault } from '../fault.ts';
import { startFaults } from '../state.ts';

/** The engine with a made-up protocol whose messages are plain texts: patterns are `{from?, text?, kind?}`. For tests. */
export interface Bench {
  dial(connection: number): void;
  send(connection: number, from: Role, frame: Frame): void;
  hangUp(connection: number, by: Role, how: 'fin' | 'rst'): void;
  due(timer: number): void;
  arm(fault: Fault): void;
  /** Lifts a fault at work, by its `id`. */
  lift(rule: number): void;
  /** The faults at work, and their revision. */
  standing(): { readonly armed: readonly ArmedFault[]; readonly revision: number };
  /** Everything the engine did since last asked, a line for each action. */
  take(): string[];
  /** The frames delivered since last asked, toward either end. */
  delivered(): string[];
  /** The bytes of messages delivered since last asked, followed by `altered` where they were. */
  bytes(): (number | string)[][];
}

/** A text message. */
export function text(content: string): MessageFrame {
  return { kind: 'message', class: 'data', text: true, data: new TextEncoder().encode(content) };
}

/** A close frame. */
export function close(code: number): CloseFrame {
  return { kind: 'close', class: 'closing', code, reason: '' };
}

const tools: Omit<FaultTools, 'carrier' | 'seesOpenings'> = {
  matches(pattern, { from, frame }) {
    if (!isPlainObject(pattern)) return false;
    return (
      (pattern['from'] ?? from) === from &&
      (pattern['kind'] ?? frame.kind) === frame.kind &&
      (pattern['text'] === undefined || pattern['text'] === contentOf(frame))
    );
  },
  replace: (_frame, set) => text(String(set['text'])),
  encode: (message) => text(isPlainObject(message) ? String(message['text']) : ''),
};

/** A fresh engine without connections. */
export function createBench(carrier: Carrier = webSocket): Bench {
  const state = startFaults();
  let actions: FaultAction[] = [];
  let n = 0;

  function feed(input: FaultInput): void {
    actions.push(...advance(state, input, { ...tools, carrier, seesOpenings: false }));
  }

  function takeActions(): FaultAction[] {
    const taken = actions;
    actions = [];
    return taken;
  }

  return {
    dial: (connection) => feed({ type: 'dial', connection }),
    send(connection, from, frame) {
      feed({ type: 'frame', event: { n, t: 0, type: 'sent', connection, from, frame, decoded: undefined } });
      n += 1;
    },
    hangUp: (connection, by, how) => feed({ type: 'ended', connection, by, how }),
    due: (timer) => feed({ type: 'due', timer }),
    arm: (fault) => feed({ type: 'arm', fault }),
    lift: (rule) => feed({ type: 'lift', rule }),
    standing: () => ({ armed: armedFaults(state), revision: state.revision }),
    take: () => takeActions().map(lineOf),
    delivered: () => takeActions().flatMap((action) => (action.type === 'deliver' ? [contentOf(action.frame)] : [])),
    bytes: () =>
      takeActions().flatMap((action) =>
        action.type === 'deliver' && action.frame.class === 'data' ? [[...action.frame.data, ...(action.altered ? ['altered'] : [])]] : [],
      ),
  };
}

/** A bench with one connection and a fault armed on it. */
export function armed(...faults: Fault[]): Bench {
  const bench = createBench();
  bench.dial(0);
  for (const fault of faults) bench.arm(fault);
  bench.take();
  return bench;
}

function contentOf(frame: Frame): string {
  switch (frame.class) {
    case 'data':
      return new TextDecoder().decode(frame.data);
    case 'closing':
      return `close ${frame.code ?? 'without code'}`;
    default:
      return frame.kind;
  }
}

function lineOf(action: FaultAction): string {
  switch (action.type) {
    case 'accept':
      return `accept ${action.connection}`;
    case 'refuse':
      return `refuse ${action.connection} ${action.how}`;
    case 'deliver': {
      const { split } = action;
      const pieces = split === undefined ? '' : 'into' in split ? ` in ${split.into}` : ` cut at ${split.at}`;
      return `${contentOf(action.frame)} > ${action.to} ${action.connection}${pieces}`;
    }
    case 'deliver-part':
      return `part of ${contentOf(action.frame)} > ${action.to} ${action.connection}`;
    case 'end':
      return `end ${action.connection} ${action.how}`;
    case 'closed': {
      const code = action.code === undefined ? '' : ` ${action.code}`;
      return `closed ${action.connection} by ${action.by} ${action.how}${code}`;
    }
    case 'timer':
      return `timer ${action.timer} ${action.nominalMs}`;
    case 'note':
      return `note ${action.what}`;
  }
}
