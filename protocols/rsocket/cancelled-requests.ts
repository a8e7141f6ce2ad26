import type { Trace } from '../common/trace.ts';
import { isRequest, type RSocketFrame } from './frame.ts';
import { followResent } from './resent.ts';

/** Where the end that made a request gave its stream up: the event of the first CANCEL, by that of the request. */
export function cancelledRequests(trace: Trace<RSocketFrame>): ReadonlyMap<number, number> {
  const open = new Map<string, number>();
  const cancelled = new Map<number, number>();
  const resent = followResent();
  for (const event of trace) {
    resent.observe(event);
    if (event.type !== 'sent' || !event.decoded?.ok || resent.isResent()) continue;
    const { message: frame } = event.decoded;
    const stream = `${event.from} ${resent.sessions.first(event.connection)} ${frame.streamId}`;
    if (isRequest(frame)) open.set(stream, event.n);
    const request = open.get(stream);
    if (frame.type !== 'CANCEL' || request === undefined) continue;
    cancelled.set(request, event.n);
    open.delete(stream);
  }
  return cancelled;
}
