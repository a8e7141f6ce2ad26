import type { CancelTimer } from '../../protocols/common/environment.ts';
import { isPlainObject } from '../../protocols/common/value.ts';
import { REHANDSHAKE_STREAM } from '../../protocols/river/message.ts';
import type { MessageParts } from '../../protocols/river/session.ts';
import { decide, tokenOf, type Verdict } from './policy.ts';
import { afterLong, type Surroundings } from './surroundings.ts';

/** What a refresh needs of its session. */
export interface RefreshPort {
  send(parts: MessageParts): void;
  /** Replaces the stored metadata (RIVER-REHS-04). */
  store(metadata: unknown): void;
  /** The session must die (RIVER-REHS-05, -06, -08). */
  failed(reason: string): void;
}

const REQUEST: MessageParts = { streamId: REHANDSHAKE_STREAM, controlFlags: 0, payload: { type: 'REHANDSHAKE_REQ' } };

/** Decides about metadata by the policy, at once or after the time that the policy takes. Without a policy everything is accepted. */
export function judge(surroundings: Surroundings, metadata: unknown, done: (verdict: Verdict) => void): CancelTimer {
  const { policy, environment, timeScale } = surroundings;
  if (policy === undefined) {
    done({ kind: 'accept', expiresInMs: undefined });
    return () => {};
  }
  const { delayMs, verdict } = decide(policy, tokenOf(metadata) ?? '');
  if (delayMs > 0) return environment.after(delayMs * timeScale, () => done(verdict));
  done(verdict);
  return () => {};
}

/** Live renewal of a session's metadata on one connection: schedule, question, deadline, answer (notes, section 17). */
export class Refresh {
  readonly #surroundings: Surroundings;
  readonly #port: RefreshPort;
  #expiresAt = Number.POSITIVE_INFINITY;
  #cancelSchedule: CancelTimer | undefined;
  #cancelDeadline: CancelTimer | undefined;
  #cancelJudge: CancelTimer | undefined;

  constructor(surroundings: Surroundings, port: RefreshPort) {
    this.#surroundings = surroundings;
    this.#port = port;
  }

  /** Starts anew after a validation, on connecting or on an answer. */
  schedule(expiresInMs: number | undefined): void {
    const { environment, timeScale, timers, rehandshakeEveryMs } = this.#surroundings;
    this.stop();
    const lifeMs = expiresInMs === undefined ? Number.POSITIVE_INFINITY : expiresInMs * timeScale;
    this.#expiresAt = environment.now() + lifeMs;
    const everyMs = rehandshakeEveryMs === undefined ? Number.POSITIVE_INFINITY : rehandshakeEveryMs * timeScale;
    const delayMs = Math.min(Math.max(lifeMs - timers.handshakeTimeoutMs, 0), everyMs);
    if (delayMs !== Number.POSITIVE_INFINITY) this.#cancelSchedule = afterLong(environment, delayMs, () => this.ask());
  }

  /** Asks now; the answer is due within the handshake timeout, or by the credential's expiry if that is sooner. */
  ask(): void {
    const { environment, timers } = this.#surroundings;
    this.#cancelSchedule?.();
    this.#cancelDeadline?.();
    const dueMs = Math.min(timers.handshakeTimeoutMs, Math.max(this.#expiresAt - environment.now(), 0));
    this.#cancelDeadline = environment.after(dueMs, () => this.#port.failed('fresh metadata did not come in time'));
    this.#port.send(REQUEST);
  }

  /** Takes a payload that arrived on the reserved stream, asked for or not (RIVER-REHS-09). */
  receive(payload: unknown): void {
    if (!isPlainObject(payload) || payload['type'] !== 'REHANDSHAKE_RESP') {
      this.#port.failed('a message on the stream of re-handshakes is not a response');
      return;
    }
    const { metadata } = payload;
    if (this.#surroundings.policy?.check(metadata) !== undefined) {
      this.#port.failed('fresh metadata failed validation');
      return;
    }
    this.#cancelJudge?.();
    this.#cancelJudge = judge(this.#surroundings, metadata, (verdict) => {
      if (verdict.kind === 'refuse') {
        this.#port.failed(`fresh metadata was refused: ${verdict.reason}`);
        return;
      }
      if (this.#surroundings.policy !== undefined) this.#port.store(metadata);
      this.schedule(verdict.expiresInMs);
    });
  }

  /** Forgets schedule, deadline and a running validation; the latter then has no effect any more (RIVER-REHS-13). */
  stop(): void {
    this.#cancelSchedule?.();
    this.#cancelDeadline?.();
    this.#cancelJudge?.();
  }
}
