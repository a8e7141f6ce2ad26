// The WebSocket that a browser gives the client. Node's own, as any by the standard, refuses a subprotocol that is no token.

/** @param {typeof import('faye-websocket')} faye */
export function browserSocket({ Client }) {
  return class BrowserSocket {
    static CONNECTING = 0;
    static OPEN = 1;
    static CLOSING = 2;
    static CLOSED = 3;
    #socket;
    #opened = false;

    /**
     * @param {string} url
     * @param {string} subprotocol
     */
    constructor(url, subprotocol) {
      this.#socket = new Client(url, [subprotocol]);
      this.#socket.on('open', () => {
        this.#opened = true;
        this.onopen?.({});
      });
      this.#socket.on('message', ({ data }) => this.onmessage?.({ data: typeof data === 'string' ? data : new Blob([data]) }));
      this.#socket.on('close', ({ code, reason }) => {
        const told = this.#opened ? code : 1006;
        this.onclose?.({ code: told, reason, wasClean: told !== 1006 });
      });
      // What ends it is told by `close` as well.
      this.#socket.on('error', () => {});
    }

    get readyState() {
      return this.#socket.readyState;
    }

    /** @param {Uint8Array} data */
    send(data) {
      if (this.readyState === BrowserSocket.CONNECTING) throw new DOMException('Still in CONNECTING state', 'InvalidStateError');
      this.#socket.send(Buffer.from(data));
    }

    close() {
      this.#socket.close();
    }
  };
}
