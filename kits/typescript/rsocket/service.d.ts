/** Bytes of an item; metadata that is undefined is none. */
export interface Payload {
  readonly data: Uint8Array;
  readonly metadata: Uint8Array | undefined;
}

/** What a library does with what a handler sends. */
export interface Mouth {
  next(payload: Payload, last: boolean): void;
  complete(): void;
  /** `code` is a name, or `0x…`. */
  error(code: string, text: string): void;
}

/** What a library does for a handler beside. */
export interface Way extends Mouth {
  /** Asks for further items of a channel. */
  request?(n: number): void;
  /** Wants no more items of a channel. */
  stopInput?(): void;
}

/** A request as the library hands it to its handler; `first.metadata` is what stood beside the route. */
export interface Request {
  readonly route: string | undefined;
  readonly first: Payload;
  readonly kind: 'request-response' | 'fire-and-forget' | 'request-stream' | 'request-channel';
  readonly credit: number;
  /** A channel whose requester sends nothing more. */
  readonly complete: boolean;
}

/** A handler as the library tells it what happens. */
export interface Handling {
  credit(n: number): void;
  item(payload: Payload): void;
  inputComplete(): void;
  cancelled(): void;
  failed(code: string): void;
  disconnected(): void;
}

/** The end that made a call, as a handler reaches it. */
export interface Peer {
  /** A request-response to its `echo`. */
  echo(
    payload: Payload,
    then: (payload: Payload | undefined, error: { code: string; text: string } | undefined) => void,
  ): { cancel(): void };
  push(metadata: Uint8Array): void;
}

/** What a library can do to a call of its requester. */
export interface Asked {
  cancel(): void;
  request(n: number): void;
  /** The next three: of channels. */
  next(payload: Payload, last: boolean): void;
  complete(): void;
  error(error: { readonly code: string | number; readonly message: string }): void;
}
