import { replyFrame } from '../../protocols/carriers/resp/frames.ts';
import type { Outages } from '../../protocols/common/broker.ts';
import {
  type Accept,
  type CancelTimer,
  type Environment,
  type Link,
  type LinkEvents,
  NO_CODE,
} from '../../protocols/common/environment.ts';
import { RedisModel, type Written } from './model/model.ts';

/** The model as what accepts connections, and what can happen to it. */
export interface SimulatedRedis {
  /** The same for as long as it is up; undefined while it is down. */
  accept(): Accept | undefined;
  readonly outages: Outages;
}

/** A model of Redis on the time of an environment: `epoch` is the unix time in ms at which that begins. Replies go out as soon as a command is in. */
export function simulateRedis(environment: Environment, epoch: number): SimulatedRedis {
  let living: Living | undefined = live(environment, epoch);
  const up = (): Living => {
    if (living === undefined) throw new Error('the broker is down');
    return living;
  };
  return {
    accept: () => living?.accept,
    outages: {
      async down() {
        up().die();
        living = undefined;
      },
      async up() {
        if (living !== undefined) throw new Error('the broker is up already');
        living = live(environment, epoch);
      },
      freeze: () => up().freeze(),
      thaw: () => up().thaw(),
    },
  };
}

/** A Redis from its start to its end. */
interface Living extends Pick<Outages, 'freeze' | 'thaw'> {
  readonly accept: Accept;
  die(): void;
}

function live(environment: Environment, epoch: number): Living {
  const now = (): number => Math.floor(epoch + environment.now());
  const model = new RedisModel(now());
  const links = new Map<number, Link>();
  /** What happens once it is thawed; undefined where it is not frozen. */
  let later: (() => void)[] | undefined;
  let cancel: CancelTimer = () => {};

  const write = (written: readonly Written[]): void => {
    for (const { connection, value, close } of written) {
      const link = links.get(connection);
      if (value !== undefined) link?.send(replyFrame(value));
      if (close === true) link?.close(NO_CODE, '');
    }
    awaitNext();
  };
  const awaitNext = (): void => {
    cancel();
    const due = later === undefined ? model.nextDue() : undefined;
    if (due === undefined) return;
    cancel = environment.after(Math.max(0, due - epoch - environment.now()), () => write(model.due(Math.max(due, now()))));
  };
  const unlessFrozen = (happen: () => void): void => {
    if (later === undefined) happen();
    else later.push(happen);
  };

  const accept = (link: Link): LinkEvents => {
    const id = model.connect();
    links.set(id, link);
    const forget = (): void => {
      links.delete(id);
      model.disconnect(id);
      awaitNext();
    };
    return {
      opened() {},
      message: (frame) => unlessFrozen(() => write(model.receive(id, frame.data, now()))),
      ended() {
        unlessFrozen(() => {
          forget();
          link.close(NO_CODE, '');
        });
      },
      closed: () => unlessFrozen(forget),
    };
  };
  return {
    accept,
    freeze() {
      later ??= [];
      cancel();
    },
    thaw() {
      const happenings = later ?? [];
      later = undefined;
      for (const happen of happenings) happen();
      write(model.due(now()));
    },
    die() {
      cancel();
      // Whatever still comes is for nobody.
      later = [];
      for (const link of links.values()) link.abort();
      links.clear();
    },
  };
}
