import type { Trace } from '../common/trace.ts';
import { Assembly } from './assembly.ts';
import { follows, isRequest, isRequestOrPayload, type RSocketFrame } from './frame.ts';
import type { Payload } from './frames.ts';
import { followResent } from './resent.ts';

/** What the requests in a trace say that came in fragments: by the number of the first one's event, as far as it has come. */
export function wholeRequests(trace: Trace<RSocketFrame>): ReadonlyMap<number, Payload> {
  const begun = new Map<number, Assembly>();
  const open = new Map<string, Assembly>();
  const resent = followResent();
  for (const event of trace) {
    resent.observe(event);
    if (event.type !== 'sent' || !event.decoded?.ok || resent.isResent()) continue;
    const { message: frame } = event.decoded;
    const series = `${event.from} ${event.connection} ${frame.streamId}`;
    if (!isRequestOrPayload(frame)) continue;
    const partial = follows(frame);
    if (isRequest(frame) && partial) {
      const assembly = new Assembly();
      begun.set(event.n, assembly);
      open.set(series, assembly);
    }
    open.get(series)?.add(frame);
    if (!partial) open.delete(series);
  }
  return new Map([...begun].map(([n, assembly]) => [n, assembly.whole()]));
}
