import { type AdapterWords, TIME_SCALE } from '../common/adapter-words.ts';
import type { ConnectTimers } from './timers.ts';

/** The words of Connect that an adapter hears and says. */
export const connectAdapterWords: AdapterWords<keyof ConnectTimers> = {
  timers: { timeoutMs: 'the deadline of each call of a client; 0: none' },
  options: {
    readMaxBytes: {
      role: 'both',
      text: 'the largest message that this end reads, in bytes, once it is decompressed (feature `size-limit`)',
    },
    prefix: { role: 'client', text: 'what stands before the procedure in paths: `/api`' },
    timeScale: TIME_SCALE,
  },
  statuses: { closed: { role: 'client', text: 'the client is over' } },
  detail: 'It is never given.',
  forms: [
    'A `procedure` is what paths have, `weir.v1.Test/Echo`; there is no `service`. `url` ends in a slash. `cases/connect/weir.proto` has the messages of the',
    'standard services, `weir.binpb` beside it is its `FileDescriptorSet`. Values are the JSON form of Protobuf in every binding. A binding is',
    'the codec, and whether this end compresses what it sends by gzip. `metadata` is a map from names in lower case to lists of texts, of bytes',
    'where a name ends in `-bin`; fields of HTTP and of Connect are left out. `start` and `end` say the leading and the trailing metadata, `{}` where',
    'there is none; where the library gives both with an error, they are the error’s, and `end` says `{}`. Codes are Connect’s names (`not_found`;',
    'a call that its application gave up is `canceled`). The `extras` of an error are its details, each `{type, message}`, or',
    '`{type, value}` in base64 without padding where the type is not known. `value` is there in `invoke` where the caller has one message only; the rest is sent. Handlers',
    'are told without a feature: of calls with one request `started` has the value where they are unary, of streams a `request` has it.',
    '`started` has the metadata of the request; a handler that ends since its caller is gone or its time is up tells `cancelled`.',
  ].join('\n'),
};
