import type { Role } from '../../common/frame.ts';
import { peerOf } from '../../common/frame.ts';
import type { Invariant, RunFacts, Violation } from '../../common/invariant.ts';
import type { ApplicationHappening, Decoded, TraceEvent } from '../../common/trace.ts';
import { ACK, CANCEL, CLOSED, HEARTBEAT_STREAM, OPEN, PROTOCOL_VERSION, type RiverMessage } from '../message.ts';

/** Facts of a run for tests; ids and timers as River's defaults. */
export const testFacts: RunFacts = {
  binding: 'json',
  clientIds: ['ann', 'bob'],
  serverId: 'SERVER',
  timers: { heartbeatIntervalMs: 1000, heartbeatsUntilDead: 2, sessionDisconnectGraceMs: 5000, handshakeTimeoutMs: 1000 },
  procedureKinds: { 's.rpc': 'rpc', 's.stream': 'stream', 's.upload': 'upload', 's.subscription': 'subscription' },
  scripted: [],
};

/** Members of a message to lay over a conforming one. */
export type Fields = Partial<RiverMessage>;

/** How a message travels: `lost` never arrives, `injected` was never sent, `broken` cannot be read (the text says why). */
export interface Travel {
  readonly lost?: true;
  readonly injected?: true;
  readonly broken?: string;
  /** The custom that alone refuses it (`Decoded.custom`). */
  readonly custom?: string;
  readonly connection?: number;
  /** The frame's bytes, where they matter. */
  readonly data?: Uint8Array;
}

/** One client and the server, talking as they should unless fields say otherwise. */
export interface Talk {
  /** A message with the sender's next seq and present ack; returns it. */
  say(from: Role, fields?: Fields, travel?: Travel): RiverMessage;
  /** A message that was sent before, once more. */
  again(from: Role, seq: number, travel?: Travel): void;
  /** Opens a connection, handshakes with the true numbers and gets an ok. */
  connect(claim?: { nextExpectedSeq?: number; nextSentSeq?: number }): void;
  opened(): void;
  request(fields?: Fields, payload?: object, travel?: Travel): void;
  response(status?: object, fields?: Fields, travel?: Travel): void;
  closed(by?: Role | 'proxy', how?: 'close' | 'fin' | 'rst'): void;
  /** An end sends its close frame. */
  leave(from: Role): void;
  /** Both ends forget the session; the next handshake asks for this one. */
  renew(sessionId: string): void;
  heartbeat(travel?: Travel): void;
  /** The client's answer to a heartbeat. */
  echo(travel?: Travel): void;
  open(stream: string, procedure: string, flags?: number, fields?: Fields, travel?: Travel): void;
  result(stream: string, flags?: number, fields?: Fields, travel?: Travel): void;
  close(from: Role, stream: string, fields?: Fields, travel?: Travel): void;
  cancel(from: Role, stream: string, code?: string, fields?: Fields, travel?: Travel): void;
}

/** Builds a trace: `talk` starts one client's conversation, `wait` lets time pass, `events` is the trace so far. */
export interface Scene {
  readonly events: TraceEvent<RiverMessage>[];
  talk(clientId?: string, sessionId?: string): Talk;
  wait(ms: number): void;
  application(role: Role, event: ApplicationHappening): void;
}

type Unnumbered<E> = E extends TraceEvent<RiverMessage> ? Omit<E, 'n' | 't'> : never;

/** Starts an empty trace. */
export function scene(): Scene {
  const events: TraceEvent<RiverMessage>[] = [];
  let now = 0;
  let connections = 0;
  const add = (event: Unnumbered<TraceEvent<RiverMessage>>): number => {
    events.push({ ...event, n: events.length, t: now } as TraceEvent<RiverMessage>);
    return events.length - 1;
  };
  return {
    events,
    wait: (ms) => {
      now += ms;
    },
    application: (role, event) => {
      add({ type: 'application', role, instance: 'main', event });
    },
    talk: (clientId = 'ann', sessionId = 'session-1') =>
      startTalk(
        add,
        () => {
          connections += 1;
          return connections - 1;
        },
        clientId,
        sessionId,
      ),
  };
}

interface Half {
  seq: number;
  ack: number;
  acknowledged: number;
  readonly sent: Map<number, RiverMessage>;
}

function startTalk(
  add: (event: Unnumbered<TraceEvent<RiverMessage>>) => number,
  nextConnection: () => number,
  clientId: string,
  firstSession: string,
): Talk {
  const newHalf = (): Half => ({ seq: 0, ack: 0, acknowledged: 0, sent: new Map() });
  let halves: Record<Role, Half> = { client: newHalf(), server: newHalf() };
  let sessionId = firstSession;
  let connection = 0;
  let ids = 0;

  const envelope = (from: Role, fields: Fields): RiverMessage => {
    ids += 1;
    const [self, peer] = from === 'client' ? [clientId, 'SERVER'] : ['SERVER', clientId];
    const base = { id: `${clientId}-${from}-${ids}`, from: self, to: peer, seq: 0, ack: 0, streamId: 'x', controlFlags: 0, payload: null };
    return { ...base, ...fields };
  };
  const put = (from: Role, message: RiverMessage, travel: Travel): void => {
    const decoded: Decoded<RiverMessage> = unread(travel) ?? { ok: true, message };
    const common = {
      connection: travel.connection ?? connection,
      frame: {
        kind: 'message',
        class: 'data',
        text: travel.broken?.startsWith('a text frame') ?? false,
        data: travel.data ?? new Uint8Array(),
      } as const,
      decoded,
    };
    const of = travel.injected ? undefined : add({ type: 'sent', from, ...common });
    if (!travel.lost) add({ type: 'delivered', to: peerOf(from), of, altered: false, ...common });
  };
  const deliver = (from: Role, message: RiverMessage, travel: Travel): void => {
    put(from, message, travel);
    const receiver = halves[peerOf(from)];
    if (travel.lost || travel.broken !== undefined || message.seq !== receiver.ack) return;
    receiver.ack += 1;
    receiver.acknowledged = Math.max(receiver.acknowledged, message.ack);
  };
  const say: Talk['say'] = (from, fields = {}, travel = {}) => {
    const half = halves[from];
    const message = envelope(from, { seq: half.seq, ack: half.ack, ...fields });
    if (!travel.injected) {
      half.sent.set(message.seq, message);
      half.seq = message.seq + 1;
    }
    deliver(from, message, travel);
    return message;
  };
  const talk: Talk = {
    say,
    again: (from, seq, travel = {}) => {
      const message = halves[from].sent.get(seq);
      if (message === undefined) throw new RangeError(`${from} never sent seq ${seq}`);
      deliver(from, message, travel);
    },
    opened: () => {
      connection = nextConnection();
      add({ type: 'opened', connection });
    },
    connect: (claim = {}) => {
      talk.opened();
      talk.request({}, { expectedSessionState: { ...trueState(halves.client), ...claim } });
      talk.response();
    },
    request: (fields = {}, payload = {}, travel = {}) => {
      const whole = {
        ...{ type: 'HANDSHAKE_REQ', protocolVersion: PROTOCOL_VERSION, sessionId },
        ...{ expectedSessionState: trueState(halves.client), ...payload },
      };
      put('client', envelope('client', { streamId: 'hs', payload: whole, ...fields }), travel);
    },
    response: (status = { ok: true, sessionId }, fields = {}, travel = {}) => {
      put('server', envelope('server', { streamId: 'hs', payload: { type: 'HANDSHAKE_RESP', status }, ...fields }), travel);
    },
    closed: (by = 'proxy', how = 'rst') => {
      add({ type: 'closed', connection, by, how, code: how === 'close' ? 1000 : undefined });
    },
    leave: (from) => {
      const frame = { kind: 'close', class: 'closing', code: 1000, reason: '' } as const;
      const of = add({ type: 'sent', from, connection, frame, decoded: undefined });
      add({ type: 'delivered', to: peerOf(from), of, altered: false, connection, frame, decoded: undefined });
    },
    renew: (next) => {
      sessionId = next;
      halves = { client: newHalf(), server: newHalf() };
    },
    heartbeat: (travel = {}) => {
      say('server', { streamId: HEARTBEAT_STREAM, controlFlags: ACK, payload: { type: 'ACK' } }, travel);
    },
    echo: (travel = {}) => {
      say('client', { streamId: HEARTBEAT_STREAM, controlFlags: ACK, payload: { type: 'ACK' } }, travel);
    },
    open: (stream, procedure, flags = procedure.endsWith('rpc') ? OPEN | CLOSED : OPEN, fields = {}, travel = {}) => {
      const [serviceName = '', procedureName = ''] = procedure.split('.');
      say('client', { streamId: stream, controlFlags: flags, serviceName, procedureName, payload: {}, ...fields }, travel);
    },
    result: (stream, flags = 0, fields = {}, travel = {}) => {
      say('server', { streamId: stream, controlFlags: flags, payload: { ok: true, payload: {} }, ...fields }, travel);
    },
    close: (from, stream, fields = {}, travel = {}) => {
      say(from, { streamId: stream, controlFlags: CLOSED, payload: { type: 'CLOSE' }, ...fields }, travel);
    },
    cancel: (from, stream, code = 'CANCEL', fields = {}, travel = {}) => {
      const payload = { ok: false, payload: { code, message: 'no more' } };
      say(from, { streamId: stream, controlFlags: CANCEL, payload, ...fields }, travel);
    },
  };
  return talk;
}

function unread({ broken, custom }: Travel): Decoded<RiverMessage> | undefined {
  if (broken === undefined) return undefined;
  return { ok: false, error: broken, ...(custom === undefined ? {} : { custom }) };
}

function trueState(half: Half): { nextExpectedSeq: number; nextSentSeq: number } {
  return { nextExpectedSeq: half.ack, nextSentSeq: Math.min(half.acknowledged, half.seq) };
}

/** What an invariant says of a trace. */
export interface Opinion {
  /** `RIVER-HS-01 client`, for every check that held at least once. */
  readonly held: readonly string[];
  readonly violations: readonly Violation[];
  /** `RIVER-HS-01 client`, once for every rule broken. */
  readonly broken: readonly string[];
}

/** Runs one invariant over a trace. */
export function opinion(
  invariant: Invariant<RiverMessage>,
  trace: readonly TraceEvent<RiverMessage>[],
  facts: Partial<RunFacts> = {},
): Opinion {
  const held = new Set<string>();
  const violations: Violation[] = [];
  const automaton = invariant.start(
    { ...testFacts, ...facts },
    { holds: (requirement, blame) => held.add(`${requirement} ${blame}`), violates: (violation) => violations.push(violation) },
  );
  for (const event of trace) automaton.observe(event);
  automaton.finish();
  const broken = [...new Set(violations.map((violation) => `${violation.requirement} ${violation.blame}`))];
  return { held: [...held], violations, broken };
}

/** The rules that a conversation of one client breaks: `RIVER-HS-01 client`. */
export function brokenBy(
  invariant: Invariant<RiverMessage>,
  play: (ann: Talk, stage: Scene) => void,
  facts: Partial<RunFacts> = {},
): readonly string[] {
  const stage = scene();
  play(stage.talk(), stage);
  return opinion(invariant, stage.events, facts).broken;
}
