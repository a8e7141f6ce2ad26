import { AbsenceError } from '../../protocols/common/absence.ts';
import type { MatchContext } from '../../protocols/common/protocol.ts';
import { fromTagged } from '../../protocols/common/value.ts';
import { CANCEL, CLOSED, type ProcedureKind } from '../../protocols/river/message.ts';
import type { ServerCommand } from '../../protocols/river/script.ts';
import { binaryFrame, scriptedClosing, scriptedFlags, scriptedFrame, scriptedMessages } from '../../protocols/river/scripted-message.ts';
import { newSession, type SessionState, type Stationery } from '../../protocols/river/session.ts';
import type { Admission } from './admission.ts';
import type { Connection } from './connection.ts';
import { HEARTBEAT } from './heartbeat.ts';
import type { HandshakeReplies } from './scripted-handshake.ts';
import type { ServerSession } from './session.ts';
import type { Switches } from './surroundings.ts';

/** What scripts may touch of a server. */
export interface ScriptedServer {
  readonly serverId: string;
  readonly stationery: Stationery;
  readonly switches: Switches;
  /** Procedures whose handlers do not run. */
  readonly manual: Set<string>;
  readonly replies: HandshakeReplies;
  /** All sessions, the most recently connected last. */
  sessions(): readonly ServerSession[];
  /** The handshake that began last, while its connection waits. */
  pending(): Admission | undefined;
}

/** Carries out the commands of `peer:` steps on one server. */
export class ServerScript {
  readonly #server: ScriptedServer;
  readonly #ownStreams = new Map<string, string>();
  readonly #kinds = new Map<string, ProcedureKind>();
  readonly #loose = new WeakMap<Admission, SessionState>();

  constructor(server: ScriptedServer) {
    this.#server = server;
  }

  /** Whether the message that opens a stream has arrived. */
  hasSeen(streamId: string): boolean {
    return this.#server.sessions().some(({ router }) => router.hasSeen(streamId));
  }

  /** The streamId of a name that a script opened. */
  streamId(name: string): string | undefined {
    return this.#ownStreams.get(name);
  }

  /** Carries out one command. Throws an Error saying why where it cannot. */
  run(command: ServerCommand, context: MatchContext): void {
    const { switches, manual, replies } = this.#server;
    const streamIdOf = (name: string): string => context.streamOf(name) ?? this.#ownStream(name);
    if (command.send !== undefined) this.#send(command.send, streamIdOf);
    else if (command['send-raw'] !== undefined) {
      const raw = command['send-raw'];
      this.#connection().send(scriptedFrame(raw, (value) => this.#server.stationery.encode(value as Record<string, unknown>)));
    } else if (command.close !== undefined) this.#close(scriptedClosing(command.close));
    else if (command.abort !== undefined) this.#abort();
    else if (command.heartbeats !== undefined) switches.heartbeats = command.heartbeats === 'on';
    else if (command.watchdog !== undefined) switches.watchdog = command.watchdog === 'on';
    else if (command['gap-check'] !== undefined) switches.gaps = command['gap-check'] === 'on' ? 'refuse' : 'take';
    else if (command.acks !== undefined) {
      for (const { books } of this.#server.sessions()) books.frozenAck = command.acks === 'frozen' ? books.ack : undefined;
    } else if (command.heartbeat !== undefined) {
      for (let i = 0; i < (command.heartbeat.times ?? 1); i += 1) this.#session().send(HEARTBEAT);
    } else if (command.manual !== undefined) for (const procedure of command.manual) manual.add(procedure);
    else if (command.handshake !== undefined) replies.set(command.handshake);
    else if (command['release-handshake'] !== undefined) this.#release();
    else if (command['forget-sessions'] !== undefined) this.#forget();
    else if (command.respond !== undefined) this.#respond(command.respond, streamIdOf);
    else if (command['close-stream'] !== undefined) this.#write(streamIdOf(command['close-stream']), CLOSED, { type: 'CLOSE' });
    else if (command['cancel-stream'] !== undefined) {
      const { stream, code = 'CANCEL', message = 'cancelled by server procedure handler' } = command['cancel-stream'];
      this.#write(streamIdOf(stream), CANCEL, { ok: false, payload: { code, message } });
    } else if (command.rehandshake !== undefined) this.#session().refresh.ask();
    else throw new Error(`the reference server knows no command in ${JSON.stringify(command)}`);
  }

  #send(spec: NonNullable<ServerCommand['send']>, streamIdOf: (name: string) => string): void {
    const streamId = spec['stream-id'] ?? (spec.stream === undefined ? undefined : streamIdOf(spec.stream));
    const session = this.#sessionOf(streamId);
    const books = session?.books ?? this.#looseBooks();
    const connection = session === undefined ? this.#connection() : spec.connection === 'previous' ? session.previous : session.connection;
    for (const bytes of scriptedMessages(books, spec, this.#server.stationery, streamIdOf)) connection?.send(binaryFrame(bytes));
    if (streamId !== undefined) session?.router.run(streamId)?.scripted(scriptedFlags(spec.flags));
  }

  #respond(spec: NonNullable<ServerCommand['respond']>, streamIdOf: (name: string) => string): void {
    const streamId = streamIdOf(spec.to);
    const live = this.#sessionOf(streamId)?.router.run(streamId);
    // An answer too many must still be made as the first was.
    if (live !== undefined) this.#kinds.set(streamId, live.procedure.kind);
    const kind = this.#kinds.get(streamId);
    const closed = spec.closed ?? (kind === 'rpc' || kind === 'upload');
    const payload = spec.error === undefined ? { ok: true, payload: fromTagged(spec.ok) } : { ok: false, payload: fromTagged(spec.error) };
    this.#write(streamId, closed ? CLOSED : 0, payload);
  }

  #write(streamId: string, controlFlags: number, payload: unknown): void {
    const session = this.#session(streamId);
    const run = session.router.run(streamId);
    session.send({ streamId, controlFlags, payload });
    run?.scripted(controlFlags);
  }

  #close({ code, reason }: ReturnType<typeof scriptedClosing>): void {
    const session = this.#connectedSession();
    if (session === undefined) this.#connection().giveUp(code, reason);
    else session.disconnect(code, reason);
  }

  #abort(): void {
    (this.#connectedSession() ?? this.#connection()).abort();
  }

  #release(): void {
    if (this.#server.pending()?.release() !== true) throw new AbsenceError('release-handshake: no handshake is held');
  }

  #forget(): void {
    for (const session of this.#server.sessions()) {
      session.abort();
      session.destroy('the script forgets all sessions');
    }
  }

  #session(streamId?: string): ServerSession {
    const session = this.#sessionOf(streamId);
    if (session === undefined) throw new AbsenceError('the reference server has no session now; let the client connect first');
    return session;
  }

  /** The session that knows the stream, else the most recently connected one. */
  #sessionOf(streamId: string | undefined): ServerSession | undefined {
    const sessions = this.#server.sessions();
    const owner = streamId === undefined ? undefined : sessions.findLast(({ router }) => router.knows(streamId));
    return owner ?? sessions.at(-1);
  }

  /** The session that was connected last and still is. */
  #connectedSession(): ServerSession | undefined {
    return this.#server.sessions().findLast(({ connection }) => connection !== undefined);
  }

  #connection(): Connection {
    const connection = this.#connectedSession()?.connection ?? this.#server.pending()?.connection;
    if (connection === undefined) throw new AbsenceError('the reference server has no connection now; let the client connect first');
    return connection;
  }

  /** Books for messages on a connection that has no session. */
  #looseBooks(): SessionState {
    const pending = this.#server.pending();
    if (pending === undefined) throw new AbsenceError('the reference server has no connection now; let the client connect first');
    const books = this.#loose.get(pending) ?? newSession('', this.#server.serverId, pending.request?.from ?? '');
    this.#loose.set(pending, books);
    return books;
  }

  #ownStream(name: string): string {
    const id = this.#ownStreams.get(name) ?? this.#server.stationery.newId();
    this.#ownStreams.set(name, id);
    return id;
  }
}
