import { type AdapterWords, TIME_SCALE } from '../common/adapter-words.ts';
import type { RSocketTimers } from './timers.ts';

/** The words of RSocket that an adapter hears and says. */
export const rsocketAdapterWords: AdapterWords<keyof RSocketTimers> = {
  timers: {
    keepaliveMs: 'how often the client sends a KEEPALIVE, as its SETUP says',
    lifetimeMs: 'how long without a KEEPALIVE until a connection is dead, as the SETUP says',
    leaseTtlMs: 'how long a lease lasts that this end grants',
    resumeExpiryMs: 'how long a session outlives its connection, where it may be resumed',
    reconnectIntervalMs: 'the wait between attempts to resume',
  },
  options: {
    resume: { role: 'both', text: '`true`: sessions outlive their connections (feature `resume`)' },
    leaseRequests: { role: 'both', text: 'leases are honoured, and this end grants so many requests, once (feature `lease`)' },
    fragmentSize: { role: 'both', text: 'the largest frame that this end sends, in bytes, without a length before it' },
    reassemblyLimit: { role: 'both', text: 'the largest payload that this end puts together, in bytes' },
    firstStreamId: { role: 'both', text: 'the first stream id that this end uses (feature `preset-stream-id`)' },
    setupData: { role: 'client', text: 'data of the SETUP, text or bytes' },
    setupMetadata: { role: 'client', text: 'metadata of the SETUP, text or bytes' },
    metadataMime: { role: 'client', text: 'the metadata MIME type of the SETUP; composite metadata where absent' },
    dataMime: { role: 'client', text: 'the data MIME type of the SETUP; octets where absent' },
    token: { role: 'client', text: 'the resume token, text or bytes; a random one where absent' },
    timeScale: TIME_SCALE,
  },
  statuses: {
    connected: { role: 'both', text: 'SETUP was sent, or accepted' },
    resumed: { role: 'both', text: 'a session goes on over another connection' },
    disconnected: { role: 'both', text: 'a session has lost its connection' },
    refused: { role: 'client', text: 'the server ended the session; `detail` is the code' },
    closed: { role: 'client', text: 'the client is over' },
  },
  detail: 'For `refused` it is the name of the error code.',
  forms: [
    'A `procedure` is the route of a request: its metadata is composite (`message/x.rsocket.composite-metadata.v0`), whatever type the SETUP',
    'announces, with the route as `message/x.rsocket.routing.v0` and, where the call has `metadata`, that beside it as',
    '`application/octet-stream`. Metadata of every other payload is as it is; the `metadata` of a metadata-push is all it has, and it has no `procedure`. Data and metadata are text, or bytes where',
    'they are no UTF-8; no data is `""`. Codes of errors are their names (`APPLICATION_ERROR`), others `0x` and eight digits; `CLOSED` says that',
    'there is no connection, or no more.',
  ].join('\n'),
};
