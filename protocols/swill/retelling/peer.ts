import type { Party } from '../../common/frame.ts';
import { MAIN } from '../../common/instance.ts';
import { BEFORE, type Deed, type StepInWords } from '../../common/retelling.ts';
import type { ClosedEvent, OpenedEvent, SentEvent } from '../../common/trace.ts';
import { ENDPOINT, type SwillFrame } from '../frame.ts';
import { reference } from '../reference.ts';
import type { ClientOf } from './clients.ts';
import type { Request } from './requests.ts';
import { answerWords, dialWords, type Upgrade } from './upgrades.ts';
import { sendWords } from './words.ts';

/** What is told of a peer comes from its frames and from these. */
export interface Seen {
  readonly requests: ReadonlyMap<string, Request>;
  readonly upgrades: ReadonlyMap<number, Upgrade>;
  readonly clientOf: ClientOf;
  /** At which path the server is, where it is not the usual one. */
  readonly path: string | undefined;
  /** Who sent the first close frame of each connection: the other's is the carrier's answer. */
  readonly closers: ReadonlyMap<number, Party>;
}

/** What the peer of the end under test is made to do, frame by frame. */
export interface PeerTeller {
  opened(event: OpenedEvent): void;
  sent(event: SentEvent<SwillFrame>): void;
  closed(event: ClosedEvent): void;
  /** The trace is over. */
  finish(): void;
}

/** Tells what a server sent a client under test. Its handlers do not run: the script answers. */
export function serverTeller({ requests, upgrades, closers }: Seen, add: (deed: Deed) => void): PeerTeller {
  const numbers = new Map<number, number>();
  const ended = new Set<number>();
  const several = upgrades.size > 1;
  const peer = (n: number, command: StepInWords): void => add({ n, by: 'peer', step: { peer: command } });
  const onOf = (connection: number): StepInWords => (several ? { on: numbers.get(connection) ?? 0 } : {});
  return {
    opened({ n, connection }) {
      numbers.set(connection, numbers.size);
      const upgrade = upgrades.get(connection);
      const how = upgrade === undefined ? undefined : answerWords(upgrade);
      if (how !== undefined) peer(n - BEFORE, { upgrade: { how, times: 1 } });
    },
    sent({ n, connection, frame, decoded }) {
      const on = onOf(connection);
      if (frame.class === 'upkeep' && frame.kind === 'ping') peer(n, { ...on, ping: Buffer.from(frame.data).toString('utf8') });
      else if (frame.class === 'closing' && closers.get(connection) === 'server') {
        ended.add(connection);
        peer(n, { ...on, close: closeWords(frame) });
      } else if (frame.class === 'data') {
        const read = decoded?.ok ? decoded.message : undefined;
        const request = read === undefined ? undefined : requests.get(reference(connection, read.seq));
        const usual = { seq: request?.seq ?? 1, rpc: undefined };
        peer(n, { ...on, send: sendWords(read, frame, { name: request?.name, usual }) });
      }
    },
    closed({ n, connection, by, how }) {
      // An upgrade that is refused ends its connection anyway.
      const isOpen = upgrades.get(connection)?.response?.status === 101;
      if (by === 'server' && how !== 'close' && isOpen && !ended.has(connection)) peer(n, { ...onOf(connection), abort: true });
    },
    finish() {
      const procedures = new Set([...requests.values()].map(({ first }) => first.rpc));
      if (procedures.size > 0) peer(-1, { manual: [...procedures] });
    },
  };
}

/** Tells what clients sent a server under test: each connection is dialled by hand, each frame said. */
export function clientTeller({ requests, upgrades, clientOf, path, closers }: Seen, add: (deed: Deed) => void): PeerTeller {
  const ended = new Set<number>();
  const named = new Set<string>();
  const peer = (n: number, connection: number, command: StepInWords): void => {
    const handle = clientOf(connection);
    add({ n, by: 'peer', step: { peer: { ...(handle === MAIN ? {} : { on: handle }), ...command } } });
  };
  return {
    opened({ n, connection }) {
      peer(n - BEFORE, connection, { dial: dialWords(upgrades.get(connection)?.request, path ?? ENDPOINT) });
    },
    sent({ n, connection, frame, decoded }) {
      if (frame.class === 'upkeep' && frame.kind === 'ping') peer(n, connection, { ping: Buffer.from(frame.data).toString('utf8') });
      else if (frame.class === 'closing' && closers.get(connection) === 'client') {
        ended.add(connection);
        peer(n, connection, { close: closeWords(frame) });
      } else if (frame.class === 'data') {
        const read = decoded?.ok ? decoded.message : undefined;
        const key = read === undefined ? '' : reference(connection, read.seq);
        const request = requests.get(key);
        const isNew = request !== undefined && !named.has(key);
        if (isNew) named.add(key);
        // What a script opens has the next seq of its client.
        const seq = request === undefined || (isNew && !request.inTurn) ? undefined : request.seq;
        const rpc = request === undefined || isNew ? undefined : request.first.rpc;
        peer(n, connection, { send: sendWords(read, frame, { name: request?.name, usual: { seq, rpc } }) });
      }
    },
    closed({ n, connection, by, how }) {
      if (by === 'client' && how !== 'close' && !ended.has(connection)) peer(n, connection, { abort: true });
    },
    finish() {},
  };
}

function closeWords({ code, reason }: { readonly code: number | undefined; readonly reason: string }): true | StepInWords {
  if (code === 1000 && reason === '') return true;
  return { ...(code === undefined ? {} : { code }), ...(reason === '' ? {} : { reason }) };
}
