import { fromTagged, isPlainObject } from '../../protocols/common/value.ts';
import type { HandshakeErrorCode } from '../../protocols/river/message.ts';
import type { ServerCommand } from '../../protocols/river/script.ts';
import { binaryFrame, overlay, scriptedFrame } from '../../protocols/river/scripted-message.ts';
import type { Stationery } from '../../protocols/river/session.ts';
import type { Interference } from './admission.ts';
import type { Connection } from './connection.ts';

type HandshakeCommand = NonNullable<ServerCommand['handshake']>;
type Reply = Exclude<HandshakeCommand, { reply: unknown }>;

/** How the next handshakes are answered, as scripts say. */
export class HandshakeReplies {
  readonly #stationery: Stationery;
  #reply: Reply = 'normal';
  #left = 0;

  constructor(stationery: Stationery) {
    this.#stationery = stationery;
  }

  /** Takes a `handshake` command. */
  set(command: HandshakeCommand): void {
    const counted = typeof command === 'object' && 'reply' in command;
    this.#reply = counted ? command.reply : command;
    this.#left = counted ? command.times : Number.POSITIVE_INFINITY;
  }

  /** What is made of the handshake that just arrived. */
  next(): Interference {
    if (this.#left <= 0) return { kind: 'none' };
    this.#left -= 1;
    return this.#interference(this.#reply);
  }

  #interference(reply: Reply): Interference {
    if (reply === 'normal') return { kind: 'none' };
    if (reply === 'silent' || reply === 'hold') return { kind: reply };
    if (reply === 'abort') return { kind: 'replace', establish: false, write: (connection) => connection.abort() };
    if ('refuse' in reply) {
      const { code, reason = 'refused by the script' } = reply.refuse;
      // A script may refuse with a code that does not exist.
      return { kind: 'refuse', refusal: { kind: 'refuse', code: code as HandshakeErrorCode, reason } };
    }
    if ('raw' in reply) {
      const { raw } = reply;
      const write = (connection: Connection): void =>
        connection.send(scriptedFrame(raw, (value) => this.#stationery.encode(value as Record<string, unknown>)));
      return { kind: 'replace', establish: false, write };
    }
    if ('session' in reply) {
      return this.#altered({ payload: { type: 'HANDSHAKE_RESP', status: { ok: true, sessionId: reply.session } } }, true);
    }
    if ('changed' in reply) {
      const { changed } = reply;
      const write = (connection: Connection, normal: Record<string, unknown>): void =>
        connection.send(binaryFrame(this.#stationery.encode({ ...normal, payload: withChanges(normal['payload'], fromTagged(changed)) })));
      return { kind: 'replace', establish: true, write };
    }
    if ('envelope' in reply) return this.#altered(reply.envelope, true);
    return this.#altered({ payload: reply.payload }, letsIn(fromTagged(reply.payload)));
  }

  #altered(overlaid: Readonly<Record<string, unknown>>, establish: boolean): Interference {
    const write = (connection: Connection, normal: Record<string, unknown>): void => {
      overlay(normal, overlaid);
      connection.send(binaryFrame(this.#stationery.encode(normal)));
    };
    return { kind: 'replace', establish, write };
  }
}

/** A value with some members put in the place of its own, maps within maps likewise; an undefined one is removed by the codec. */
function withChanges(normal: unknown, changes: unknown): unknown {
  if (!isPlainObject(normal) || !isPlainObject(changes) || Object.keys(changes).length === 0) return changes;
  const changed = Object.entries(changes).map(([key, change]): [string, unknown] => [key, withChanges(normal[key], change)]);
  return { ...normal, ...Object.fromEntries(changed) };
}

function letsIn(payload: unknown): boolean {
  const status = isPlainObject(payload) ? payload['status'] : undefined;
  return isPlainObject(status) && status['ok'] === true;
}
