import type { ServerCommand } from '../../protocols/rsocket/script.ts';

/** How a SETUP is answered. */
export type SetupReply = Exclude<NonNullable<ServerCommand['setup']>, { times: number }>;
/** How a RESUME is answered. */
export type ResumeReply = NonNullable<ServerCommand['resume']>;

/** How scripts want first frames to be answered. */
export class Replies {
  #setup: SetupReply = 'normal';
  #times = Number.POSITIVE_INFINITY;
  resume: ResumeReply = 'normal';

  /** For good, or so many times and then normally again. */
  setSetup(command: NonNullable<ServerCommand['setup']>): void {
    if (typeof command === 'object' && 'times' in command) {
      this.#setup = command.reply;
      this.#times = command.times;
    } else {
      this.#setup = command;
      this.#times = Number.POSITIVE_INFINITY;
    }
  }

  /** The reply to the next SETUP. */
  nextSetup(): SetupReply {
    if (this.#times <= 0) return 'normal';
    this.#times -= 1;
    return this.#setup;
  }
}
