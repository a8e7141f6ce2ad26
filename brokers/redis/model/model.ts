import { array, bytesOf, error, type RespValue } from '../../../protocols/carriers/resp/value.ts';
import { dispatch } from './dispatch.ts';
import { Intake } from './intake.ts';
import { inProtocol, NO_LIST } from './reply.ts';
import { type Connection, type Ended, emptyState, type State } from './state.ts';
import { unblock, wake } from './wake.ts';

/** Something that Redis writes to a connection, in the types of its protocol, and whether it ends the connection after it. */
export interface Written {
  readonly connection: number;
  readonly value?: RespValue;
  readonly close?: true;
}

/**
 * A Redis without sockets and clock: the commands of streams and what goes with them. Times are unix times in ms, whole, and never
 * earlier than the one before. What it writes comes in the order in which Redis writes it. Turns on nothing but what it is given.
 */
export class RedisModel {
  readonly #state: State;
  readonly #intakes = new Map<number, Intake>();
  /** Connections that wait no longer; what they sent meanwhile is run once all that came before is done. */
  readonly #unblocked: Connection[] = [];

  constructor(now: number) {
    this.#state = emptyState(now);
  }

  /** Takes a connection in. Gives its id, from 1 on. */
  connect(): number {
    this.#state.made += 1;
    const id = this.#state.made;
    this.#state.connections.set(id, {
      id,
      protocol: 2,
      name: new Uint8Array(0),
      database: 0,
      queued: [],
      blocked: undefined,
      postponed: undefined,
      transaction: undefined,
      watch: undefined,
    });
    this.#intakes.set(id, new Intake());
    return id;
  }

  /** Takes bytes of a connection, in any chunks; what is no RESP is answered as Redis does, and ends it. */
  receive(connection: number, bytes: Uint8Array, now: number): Written[] {
    const intake = this.#intakes.get(connection);
    if (intake === undefined) return [];
    const written = this.due(now);
    for (const taken of intake.push(bytes)) {
      if (taken.kind === 'command') this.#take(connection, taken.args, now, written);
      else written.push({ connection, value: error(bytesOf(taken.error)), close: true });
      if (!this.#state.connections.has(connection)) break;
      if (taken.kind === 'broken') this.#forget(connection);
    }
    this.#goOn(now, written);
    // Where Redis hangs up without a word, what it had not written yet is lost.
    const isCut = written.some((each) => each.connection === connection && each.close === true && each.value === undefined);
    return isCut ? written.filter((each) => each.connection !== connection || each.close === true) : written;
  }

  /** Takes a command of a connection. */
  command(connection: number, args: readonly Uint8Array[], now: number): Written[] {
    const written = this.due(now);
    this.#take(connection, args, now, written);
    this.#goOn(now, written);
    return written;
  }

  /** A connection is gone; what it waits for it no longer does. */
  disconnect(connection: number): void {
    this.#forget(connection);
  }

  /** What time brings: reads that have waited long enough, keys that are over. */
  due(now: number): Written[] {
    const written: Written[] = [];
    for (const keys of this.#state.databases) keys.expire(now);
    if (this.#state.pause !== undefined && now >= this.#state.pause.until) this.#state.pause = undefined;
    this.#resume();
    this.#wake(now, written);
    const late = [...this.#state.waiting].filter(({ blocked }) => blocked?.until !== undefined && blocked.until <= now);
    for (const connection of late.sort((a, b) => (a.blocked?.until ?? 0) - (b.blocked?.until ?? 0))) {
      if (connection.blocked === undefined) continue;
      unblock(this.#state, connection);
      this.#write(connection, NO_LIST, written);
      this.#unblocked.push(connection);
    }
    this.#goOn(now, written);
    return written;
  }

  /** When time next brings something; undefined where it brings nothing. */
  nextDue(): number | undefined {
    // After each command, so without a list.
    let next = this.#state.pause?.until ?? Number.POSITIVE_INFINITY;
    for (const { blocked } of this.#state.waiting) next = Math.min(next, blocked?.until ?? next);
    for (const keys of this.#state.databases) next = Math.min(next, keys.nextExpiry() ?? next);
    return next === Number.POSITIVE_INFINITY ? undefined : next;
  }

  #take(id: number, args: readonly Uint8Array[], now: number, written: Written[]): void {
    const from = this.#state.connections.get(id);
    if (from === undefined || args.length === 0) return;
    if (isWaiting(from) || this.#unblocked.includes(from)) from.queued.push(args);
    else this.#run(from, args, now, written);
  }

  #run(connection: Connection, args: readonly Uint8Array[], now: number, written: Written[]): void {
    const state = this.#state;
    const keys = state.databases[connection.database];
    if (keys === undefined) return;
    state.commands += 1;
    const outcome = dispatch({ args, now, connection, state, keys });
    if (outcome.type === 'blocked') {
      connection.blocked = outcome.read;
      state.waiting.add(connection);
    } else if (outcome.type === 'postponed') {
      connection.postponed = args;
    } else if (outcome.type === 'ends') {
      this.#write(connection, outcome.reply, written);
      this.#end(outcome.ended, written);
    } else if (outcome.type === 'executed') {
      written.push({ connection: connection.id, value: array(outcome.items) });
      this.#end(outcome.ended, written);
    } else if (outcome.type === 'quit') {
      const { reply } = outcome;
      written.push({ connection: connection.id, ...(reply === undefined ? {} : { value: reply }), close: true });
      this.#forget(connection.id);
    } else this.#write(connection, outcome, written);
    this.#wake(now, written);
    this.#resume();
  }

  #end(connections: readonly Ended[], written: Written[]): void {
    for (const { connection, told } of connections) {
      if (told !== undefined) this.#write(connection, told, written);
      written.push({ connection: connection.id, close: true });
      this.#forget(connection.id);
    }
  }

  /** What waited for a pause, once that is over. */
  #resume(): void {
    if (this.#state.pause !== undefined) return;
    for (const connection of this.#state.connections.values()) {
      const { postponed } = connection;
      if (postponed === undefined) continue;
      connection.postponed = undefined;
      connection.queued.unshift(postponed);
      this.#unblocked.push(connection);
    }
  }

  #wake(now: number, written: Written[]): void {
    if (this.#state.ready.size === 0) return;
    for (const { connection, reply } of wake(this.#state, now)) {
      this.#write(connection, reply, written);
      this.#unblocked.push(connection);
    }
  }

  /** The commands that came while connections waited: all of one, then all of the next. */
  #goOn(now: number, written: Written[]): void {
    for (let connection = this.#unblocked[0]; connection !== undefined; connection = this.#unblocked[0]) {
      while (!isWaiting(connection) && this.#state.connections.has(connection.id)) {
        const next = connection.queued.shift();
        if (next === undefined) break;
        this.#run(connection, next, now, written);
      }
      this.#unblocked.shift();
    }
  }

  #write(connection: Connection, reply: RespValue, written: Written[]): void {
    written.push({ connection: connection.id, value: inProtocol(reply, connection.protocol) });
  }

  #forget(id: number): void {
    const connection = this.#state.connections.get(id);
    if (connection !== undefined) {
      unblock(this.#state, connection);
      this.#state.watching.delete(connection);
    }
    this.#state.connections.delete(id);
    this.#intakes.delete(id);
  }
}

function isWaiting({ blocked, postponed }: Connection): boolean {
  return blocked !== undefined || postponed !== undefined;
}
