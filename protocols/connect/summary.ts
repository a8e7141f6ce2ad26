import type { Frame } from '../common/frame.ts';
import { show } from '../common/show.ts';
import type { Decoded } from '../common/trace.ts';
import type { ConnectMessage } from './message.ts';

/** One line for people: `#0 POST /weir.v1.Test/Echo`, `#0 200 OK`, `#0 message {"n":1}`, where #0 is the exchange. */
export function summarise(frame: Frame, decoded: Decoded<ConnectMessage> | undefined): string {
  if (frame.class !== 'data') return frame.kind;
  if (decoded === undefined || !decoded.ok)
    return `${frame.kind} ${frame.data.length} bytes${decoded === undefined ? '' : `: ${decoded.error}`}`;
  const { message } = decoded;
  return `#${message.exchange} ${saying(message)}`;
}

function saying(message: ConnectMessage): string {
  switch (message.type) {
    case 'request':
      return `${message.method} ${message.path}${message.value === undefined ? '' : ` ${show(message.value)}`}`;
    case 'response':
      return `${message.status} ${message.reason}`.trim();
    case 'body':
      if (message.value !== undefined) return show(message.value);
      return message.json === undefined ? `${message.size} bytes ${show(message.text)}` : show(message.json);
    case 'message':
      return `message${flagsOf(message.flags)} ${message.unread === undefined ? show(message.value) : `${message.size} bytes: ${message.unread}`}`;
    case 'end-of-stream':
      return `end of stream${flagsOf(message.flags)} ${message.unread ?? show(message.json)}`;
    case 'end':
      return `end${message.fields.length === 0 ? '' : ` ${message.fields.map(({ name }) => name).join(', ')}`}`;
    case 'torn':
    case 'broken':
      return `${message.type} ${message.size} bytes ${show(message.text)}`;
  }
}

function flagsOf(flags: number): string {
  const words = [...((flags & 1) === 0 ? [] : ['compressed']), ...((flags & ~3) === 0 ? [] : [`flags 0x${flags.toString(16)}`])];
  return words.length === 0 ? '' : ` [${words.join(', ')}]`;
}
