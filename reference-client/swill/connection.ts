import { joinedValue } from '../../protocols/carriers/http/head.ts';
import { acceptOf } from '../../protocols/carriers/websocket/accept-key.ts';
import { type FieldChanges, readUpgrade, requestFields, upgradeHead } from '../../protocols/carriers/websocket/heads.ts';
import type { Dial, Environment, Link, LinkClosed } from '../../protocols/common/environment.ts';
import type { MessageFrame } from '../../protocols/common/frame.ts';
import { SUBPROTOCOL } from '../../protocols/swill/frame.ts';

/** What a connection asks for. */
export interface Asking {
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly subprotocols: readonly string[];
  readonly headers: FieldChanges;
  /** Nothing is asked for. */
  readonly silent: boolean;
}

/** What it tells its owner. After `closed` nothing. */
export interface ConnectionEvents {
  opened(): void;
  message(frame: MessageFrame): void;
  /** The upgrade was answered, but not accepted. `closed` follows. */
  refused(status: number): void;
  closed(closed: LinkClosed): void;
}

/** One connection of a client: its upgrade, then messages. */
export class Connection {
  readonly link: Link;
  /** Which one it is of those that this process dialled, from 0. */
  readonly number: number;
  /** opening: its upgrade was not answered yet. */
  state: 'opening' | 'open' | 'over' = 'opening';
  readonly #key: string;

  constructor(environment: Environment, dial: Dial, url: string, number: number, asking: Asking, events: ConnectionEvents) {
    this.number = number;
    const key = keyOf(environment);
    this.#key = key;
    this.link = dial(
      {
        opened: () => {
          if (!asking.silent) this.link.head?.(headOf(asking, key));
        },
        head: (head) => {
          if (this.state !== 'opening') return;
          const status = this.#statusOf(head);
          if (status === 101) {
            this.state = 'open';
            events.opened();
          } else {
            events.refused(status);
            this.link.abort();
          }
        },
        message: (frame) => {
          if (this.state === 'open') events.message(frame);
        },
        // Needed so that pings and pongs that come are passed on.
        upkeep: () => {},
        closed: (closed) => {
          this.state = 'over';
          events.closed(closed);
        },
      },
      url,
    );
  }

  /** 101 for an answer that accepts what was asked for; its status, or 0 for one that does not fit. */
  #statusOf(head: Uint8Array): number {
    const answer = readUpgrade(head);
    if (answer?.kind !== 'response') return 0;
    if (answer.status !== 101) return answer.status;
    const fits =
      joinedValue(answer.fields, 'sec-websocket-accept') === acceptOf(this.#key) &&
      joinedValue(answer.fields, 'sec-websocket-extensions') === undefined &&
      answer.subprotocols.length === 1 &&
      answer.subprotocols[0] === SUBPROTOCOL;
    return fits ? 101 : 0;
  }
}

function headOf({ method, path, host, subprotocols, headers }: Asking, key: string): Uint8Array {
  return upgradeHead(`${method} ${path} HTTP/1.1`, requestFields(host, key, subprotocols), headers);
}

function keyOf(environment: Environment): string {
  return Buffer.from(Uint8Array.from({ length: 16 }, () => Math.floor(environment.random() * 256))).toString('base64');
}
