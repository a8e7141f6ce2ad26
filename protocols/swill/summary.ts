import { summaryOfHead } from '../carriers/websocket/heads.ts';
import type { Frame } from '../common/frame.ts';
import { show } from '../common/show.ts';
import type { Decoded } from '../common/trace.ts';
import { isPlainObject } from '../common/value.ts';
import type { Metadata, SwillFrame } from './frame.ts';

/** One line for people: `#3 MESSAGE echo 7`, `#3 ERROR 404 no such rpc`, where #3 is the seq; of a head `GET /ws swill/1`. */
export function summarise(frame: Frame, decoded: Decoded<SwillFrame> | undefined): string {
  if (frame.class === 'opening') return summaryOfHead(frame.data);
  if (frame.class === 'closing') return `close ${frame.code ?? 'without code'}${frame.reason === '' ? '' : ` ${frame.reason}`}`;
  if (frame.class === 'upkeep') return frame.kind;
  if (decoded === undefined || !decoded.ok) {
    const what = `${frame.text ? 'text' : 'message'} of ${frame.data.length} bytes`;
    return decoded === undefined ? what : `${what}: ${decoded.error}`;
  }
  const { message } = decoded;
  const parts = [`#${message.seq}`, message.type];
  if (message.from === 'client') parts.push(message.rpc);
  if (message.type === 'ERROR' && isPlainObject(message.data))
    parts.push(`${show(message.data['code'])} ${String(message.data['message'])}`);
  else if (message.type === 'MESSAGE') parts.push(show(message.data));
  if (message.from === 'client') parts.push(...beside('metadata', message.metadata));
  else parts.push(...beside('leading', message.leading), ...beside('trailing', message.trailing));
  return parts.join(' ');
}

function beside(name: string, metadata: Metadata | null): string[] {
  return metadata === null ? [] : [`${name} ${show(metadata)}`];
}
