import { sideOf } from '../../../protocols/common/frame.ts';
import { latin1Bytes } from '../../../protocols/common/latin1.ts';
import { connectCarrier } from '../../../protocols/connect/carrier.ts';
import type { WireRecorder } from '../../worlds/recorder.ts';

const REQUEST = '{"text":"again and again"}';
const HEADS = {
  client: [
    'POST /weir.v1.Test/Echo HTTP/1.1',
    'host: 127.0.0.1:8080',
    'content-type: application/json',
    'connect-protocol-version: 1',
    'connect-timeout-ms: 10000',
    'user-agent: connect-es/2.0.0',
  ],
  server: ['HTTP/1.1 200 OK', 'content-type: application/json', 'date: Mon, 30 Nov 2026 12:00:00 GMT', 'connection: keep-alive'],
} as const;

/** Records that many unary calls of Connect as they pass a tap, one after the other; every `each` of them a new connection comes. */
export function recordCalls(recorder: WireRecorder, calls: number, each = 1000, firstConnection = 0): void {
  let connection = firstConnection - 1;
  let conversation = connectCarrier.converse({ authority: '', seen: '' });
  for (let call = 0; call < calls; call += 1) {
    if (call % each === 0) {
      if (call > 0) recorder.closed({ connection, by: 'client', how: 'fin', code: undefined });
      connection += 1;
      conversation = connectCarrier.converse({ authority: '', seen: '' });
      recorder.opened(connection);
    }
    for (const from of ['client', 'server'] as const) {
      const bytes = latin1Bytes(`${[...HEADS[from], `content-length: ${REQUEST.length}`].join('\r\n')}\r\n\r\n${REQUEST}`);
      for (const item of conversation.push(sideOf(from), bytes)) {
        if (item.kind !== 'frame') continue;
        const { n } = recorder.sent(connection, from, item.frame);
        recorder.delivered({ connection, to: from === 'client' ? 'server' : 'client', of: n, altered: false, frame: item.frame });
      }
    }
  }
  recorder.closed({ connection, by: 'client', how: 'fin', code: undefined });
}
