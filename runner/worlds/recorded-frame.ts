import type { Frame, MessageFrame, Party } from '../../protocols/common/frame.ts';
import type { Decoded, DeliveredEvent, SentEvent } from '../../protocols/common/trace.ts';
import type { Place } from '../../protocols/common/whereabouts.ts';

/** Reads a message frame that stands there, which that end sent or would have; `content` is who keeps what it says. */
export type Reading = (frame: MessageFrame, place: Place, from: Party, content: Content) => Decoded<unknown>;

/** A frame that is read when somebody first asks what it says, and once unless that is forgotten: passing it on waits for nothing. */
export class Content {
  readonly frame: Frame;
  /** What it is read by: who forgets where connections are need not ask whether this is still to be read. */
  readonly place: Place;
  readonly #reading: Reading;
  readonly #from: Party;
  #decoded: Decoded<unknown> | undefined;

  constructor(frame: Frame, reading: Reading, place: Place, from: Party) {
    this.frame = frame;
    this.#reading = reading;
    this.place = place;
    this.#from = from;
  }

  /** Undefined for all but messages. */
  get decoded(): Decoded<unknown> | undefined {
    if (this.frame.class !== 'data') return undefined;
    this.#decoded ??= this.#reading(this.frame, this.place, this.#from, this);
    return this.#decoded;
  }

  /** Forgets what it says: who asks again has it read anew. */
  forget(): void {
    this.#decoded = undefined;
  }
}

/** What an event says, or how to get at it where it is on disk. */
export type Source = Content | (() => Content);

function contentOf(source: Source): Content {
  return source instanceof Content ? source : source();
}

/** A sent event as the recorder keeps it. */
export class RecordedSent implements SentEvent {
  readonly n: number;
  readonly t: number;
  readonly type = 'sent';
  readonly connection: number;
  readonly from: Party;
  readonly #source: Source;

  constructor({ n, t, connection, from }: Omit<SentEvent, 'type' | 'frame' | 'decoded'>, source: Source) {
    this.n = n;
    this.t = t;
    this.connection = connection;
    this.from = from;
    this.#source = source;
  }

  get frame(): Frame {
    return contentOf(this.#source).frame;
  }

  get decoded(): Decoded<unknown> | undefined {
    return contentOf(this.#source).decoded;
  }

  /** What an unaltered delivery of it has in common with it. */
  get content(): Content {
    return contentOf(this.#source);
  }
}

/** Whether a delivery is of a frame just as it was sent, which then need not be kept twice. */
export function isAsSent({ of, altered }: Pick<DeliveredEvent, 'of' | 'altered'>): boolean {
  return of !== undefined && !altered;
}

/** A delivered event as the recorder keeps it. */
export class RecordedDelivered implements DeliveredEvent {
  readonly n: number;
  readonly t: number;
  readonly type = 'delivered';
  readonly connection: number;
  readonly to: Party;
  readonly from?: Party;
  readonly of: number | undefined;
  readonly altered: boolean;
  readonly #source: Source;

  constructor(fields: Omit<DeliveredEvent, 'type' | 'frame' | 'decoded'>, source: Source) {
    this.n = fields.n;
    this.t = fields.t;
    this.connection = fields.connection;
    this.to = fields.to;
    if (fields.from !== undefined) this.from = fields.from;
    this.of = fields.of;
    this.altered = fields.altered;
    this.#source = source;
  }

  get frame(): Frame {
    return contentOf(this.#source).frame;
  }

  get decoded(): Decoded<unknown> | undefined {
    return contentOf(this.#source).decoded;
  }

  /** What is known of its frame, which it may have in common with what was sent. */
  get content(): Content {
    return contentOf(this.#source);
  }
}
