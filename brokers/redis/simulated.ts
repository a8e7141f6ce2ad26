import { replyFrame } from '../../protocols/carriers/resp/frames.ts';
import { type Accept, type CancelTimer, type Environment, type Link, NO_CODE } from '../../protocols/common/environment.ts';
import type { RedisModel, Written } from './model/model.ts';

/**
 * The model as what accepts connections, on the time of an environment: `epoch` is the unix time in ms at which that begins. Replies
 * go out as soon as a command is in.
 */
export function acceptOnModel(environment: Environment, model: RedisModel, epoch: number): Accept {
  const links = new Map<number, Link>();
  let cancel: CancelTimer = () => {};
  const now = (): number => Math.floor(epoch + environment.now());

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
    const due = model.nextDue();
    if (due === undefined) return;
    cancel = environment.after(Math.max(0, due - epoch - environment.now()), () => write(model.due(Math.max(due, now()))));
  };

  return (link) => {
    const id = model.connect();
    links.set(id, link);
    const forget = (): void => {
      links.delete(id);
      model.disconnect(id);
      awaitNext();
    };
    return {
      opened() {},
      message: (frame) => write(model.receive(id, frame.data, now())),
      ended() {
        forget();
        link.close(NO_CODE, '');
      },
      closed: forget,
    };
  };
}
