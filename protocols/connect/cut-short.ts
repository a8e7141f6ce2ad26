import { isSent, type Trace } from '../common/trace.ts';
import type { ConnectMessage } from './message.ts';
import { partsOf, reference } from './reference.ts';

/**
 * The exchanges that a client ended before their request was whole, and that were refused for it: a server may say so in HTTP's own words,
 * or say nothing (RFC 9112, 8).
 */
export function refusedAsCutShort(trace: Trace<ConnectMessage>): ReadonlySet<string> {
  const open = new Set<string>();
  const cutShort = new Set<string>();
  const refused = new Set<string>();
  for (const event of trace) {
    if (!isSent(event)) continue;
    if (event.from === 'client' && event.frame.class === 'closing') {
      for (const key of open) if (partsOf(key).connection === event.connection) cutShort.add(key);
    }
    if (event.decoded?.ok !== true) continue;
    const { message } = event.decoded;
    const key = reference(event.connection, message.exchange);
    if (message.type === 'request') open.add(key);
    if (message.last && event.from === 'client') open.delete(key);
    if (message.type !== 'response' || message.status < 200) continue;
    // What was answered before is another thing.
    if (cutShort.has(key) && (message.status === 400 || message.status === 408)) refused.add(key);
    open.delete(key);
  }
  return refused;
}
