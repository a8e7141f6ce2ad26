import type { CancelTimer, Environment } from '../../protocols/common/environment.ts';
import { decodeFrame } from '../../protocols/rsocket/decode.ts';
import { encodeFrame } from '../../protocols/rsocket/encode.ts';
import { FLAG, has, type Position, type ResumeFrame, type SetupFrame, VERSION } from '../../protocols/rsocket/frame.ts';
import { errorFrame, resumeOkFrame } from '../../protocols/rsocket/frames.ts';
import { codeOf, positionOf } from '../../protocols/rsocket/scripted-frame.ts';
import { textOf } from '../../protocols/rsocket/value.ts';
import type { Connection } from './connection.ts';
import type { Replies, ResumeReply, SetupReply } from './replies.ts';
import type { ServerSession, Sessions } from './sessions.ts';

/** What decides about first frames. */
export interface AdmissionParts {
  readonly environment: Environment;
  readonly timeScale: number;
  readonly resume: boolean;
  readonly leases: boolean;
  readonly replies: Replies;
  readonly sessions: Sessions;
  /** A SETUP was accepted; what came behind it is to be given to the session. */
  accepted(connection: Connection, setup: SetupFrame): ServerSession;
}

/** A connection until its first frame is decided about (RSOCKET-SETUP-08 to -13). */
export class Admission {
  readonly #parts: AdmissionParts;
  readonly connection: Connection;
  readonly #behind: Uint8Array[] = [];
  #decide: (() => void) | undefined;
  #stop: CancelTimer = () => {};
  #first = true;
  #silent = false;

  constructor(parts: AdmissionParts, connection: Connection) {
    this.#parts = parts;
    this.connection = connection;
    connection.own({ frame: (bytes) => this.#take(bytes), lost: () => this.#stop() });
  }

  /** For scripts: decides about what is held. False where nothing is. */
  release(): boolean {
    const decide = this.#decide;
    this.#decide = undefined;
    decide?.();
    return decide !== undefined;
  }

  #take(bytes: Uint8Array): void {
    if (this.#silent) return;
    if (!this.#first) {
      this.#behind.push(bytes);
      return;
    }
    this.#first = false;
    const decoded = decodeFrame(bytes);
    if (!decoded.ok) {
      this.#refuse('INVALID_SETUP', decoded.error);
      return;
    }
    const { message: frame } = decoded;
    if (frame.type === 'SETUP' && frame.streamId === 0) this.#setUp(frame);
    else if (frame.type === 'RESUME' && frame.streamId === 0) this.#resume(frame);
    else this.#refuse('INVALID_SETUP', 'a connection begins with SETUP or RESUME on stream 0');
  }

  #setUp(frame: SetupFrame): void {
    const reply = this.#parts.replies.nextSetup();
    if (reply === 'hold') this.#decide = () => this.#judge(frame);
    else if (reply === 'normal') this.#judge(frame);
    else this.#otherwise(reply);
  }

  #judge(frame: SetupFrame): void {
    const { resume, leases, sessions, environment, timeScale } = this.#parts;
    if (frame.major !== VERSION.major || frame.minor !== VERSION.minor) {
      this.#refuse('UNSUPPORTED_SETUP', `version ${frame.major}.${frame.minor} is not spoken here`);
    } else if (frame.keepaliveMs === 0 || frame.lifetimeMs === 0 || frame.reserved.length > 0) {
      this.#refuse('INVALID_SETUP', 'keepalive and lifetime are above 0');
    } else if (has(frame, FLAG.RESUME) && !resume) {
      this.#refuse('REJECTED_SETUP', 'there is no resumption here');
    } else if (has(frame, FLAG.LEASE) && !leases) {
      this.#refuse('UNSUPPORTED_SETUP', 'there are no leases here');
    } else if (frame.token !== undefined && sessions.find(frame.token) !== undefined) {
      this.#refuse('REJECTED_SETUP', 'the token belongs to a session that lives');
    } else {
      const said = textOf(frame.data);
      const wait = /^wait-(\d{1,6})-(.*)$/.exec(said);
      const decide = (): void =>
        (wait === null ? said : wait[2]) === 'refuse' ? this.#refuse('REJECTED_SETUP', 'refused') : this.#accept(frame);
      if (wait === null) decide();
      else this.#stop = environment.after(Number(wait[1]) * timeScale, decide);
    }
  }

  #accept(frame: SetupFrame): void {
    const session = this.#parts.accepted(this.connection, frame);
    for (const bytes of this.#behind.splice(0)) session.receive(bytes);
  }

  #resume(frame: ResumeFrame): void {
    const { replies } = this.#parts;
    const reply: ResumeReply = replies.resume;
    if (reply === 'hold') this.#decide = () => this.#judgeResume(frame, undefined);
    else if (reply === 'normal') this.#judgeResume(frame, undefined);
    else if (typeof reply === 'object' && 'ok' in reply) {
      const session = this.#parts.sessions.find(frame.token);
      this.#judgeResume(frame, positionOf(reply.ok, session?.received ?? 0));
    } else this.#otherwise(reply);
  }

  /** RSOCKET-RESUME-03, -06, -07. */
  #judgeResume(frame: ResumeFrame, position: Position | undefined): void {
    const session = this.#parts.resume ? this.#parts.sessions.find(frame.token) : undefined;
    if (session === undefined) {
      this.#refuse('REJECTED_RESUME', 'there is no session of that token');
      return;
    }
    const resendFrom = Number(frame.serverPosition);
    if (frame.major !== VERSION.major || frame.minor !== VERSION.minor) {
      this.#refuse('REJECTED_RESUME', `version ${frame.major}.${frame.minor} is not spoken here`);
    } else if (!session.canServe(resendFrom) || Number(frame.clientPosition) > session.received) {
      this.#refuse('REJECTED_RESUME', 'the session cannot go on from there');
    } else {
      this.connection.send(encodeFrame(resumeOkFrame(position ?? session.received)));
      session.resume(this.connection, resendFrom);
      for (const bytes of this.#behind.splice(0)) session.receive(bytes);
    }
  }

  #otherwise(reply: Exclude<SetupReply, 'normal' | 'hold'>): void {
    switch (reply) {
      case 'silent':
        this.#silent = true;
        return;
      case 'close':
        this.connection.close();
        return;
      case 'abort':
        this.connection.abort();
        return;
      default:
        if (reply['stay-open'] !== true) {
          this.#refuse(reply.refuse, reply.text ?? 'refused');
          return;
        }
        this.#silent = true;
        this.connection.send(encodeFrame(errorFrame(0, codeOf(reply.refuse), reply.text ?? 'refused')));
    }
  }

  /** What came behind the SETUP is never looked at (RSOCKET-SETUP-11). */
  #refuse(code: string | number, text: string): void {
    this.#silent = true;
    this.connection.send(encodeFrame(errorFrame(0, code, text)));
    this.connection.close();
  }
}
