import type { Frame, MessageFrame, Role } from '../../protocols/common/frame.ts';
import type { Decoded, DeliveredEvent, SentEvent } from '../../protocols/common/trace.ts';

/** Reads a message frame under the run's codec. */
export type Reading = (frame: MessageFrame) => Decoded<unknown>;

/** A frame that is read when somebody first asks what it says, and once: passing it on waits for nothing. */
export class Content {
  readonly frame: Frame;
  readonly #reading: Reading;
  #decoded: Decoded<unknown> | undefined;

  constructor(frame: Frame, reading: Reading) {
    this.frame = frame;
    this.#reading = reading;
  }

  /** Undefined for all but messages. */
  get decoded(): Decoded<unknown> | undefined {
    if (this.frame.kind !== 'message') return undefined;
    this.#decoded ??= this.#reading(this.frame);
    return this.#decoded;
  }
}

/** A sent event as the recorder keeps it. */
export class RecordedSent implements SentEvent {
  readonly n: number;
  readonly t: number;
  readonly type = 'sent';
  readonly connection: number;
  readonly from: Role;
  readonly #content: () => Content;

  constructor({ n, t, connection, from }: Omit<SentEvent, 'type' | 'frame' | 'decoded'>, content: () => Content) {
    this.n = n;
    this.t = t;
    this.connection = connection;
    this.from = from;
    this.#content = content;
  }

  get frame(): Frame {
    return this.#content().frame;
  }

  get decoded(): Decoded<unknown> | undefined {
    return this.#content().decoded;
  }

  /** What an unaltered delivery of it has in common with it. */
  get content(): Content {
    return this.#content();
  }
}

/** A delivered event as the recorder keeps it. */
export class RecordedDelivered implements DeliveredEvent {
  readonly n: number;
  readonly t: number;
  readonly type = 'delivered';
  readonly connection: number;
  readonly to: Role;
  readonly of: number | undefined;
  readonly altered: boolean;
  readonly #content: () => Content;

  constructor(fields: Omit<DeliveredEvent, 'type' | 'frame' | 'decoded'>, content: () => Content) {
    this.n = fields.n;
    this.t = fields.t;
    this.connection = fields.connection;
    this.to = fields.to;
    this.of = fields.of;
    this.altered = fields.altered;
    this.#content = content;
  }

  get frame(): Frame {
    return this.#content().frame;
  }

  get decoded(): Decoded<unknown> | undefined {
    return this.#content().decoded;
  }
}
