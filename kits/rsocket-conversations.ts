/** What an application asks of an end, and what is told of it: the lines of one subject (a call, a run of a handler) in this order. */
export type Turn = readonly [asks: readonly object[], hears: readonly string[]];

/** A conversation with a server `s` and a client `c` that is connected to it. */
export interface Conversation {
  readonly turns: readonly Turn[];
}

const ask = (method: string, params: object): object => ({ method, params });
const call =
  (kind: string) =>
  (name: string, procedure: string | undefined, value?: unknown, more: object = {}): object =>
    ask('invoke', { at: 'c', call: name, kind, procedure, value, ...more });
const response = call('request-response');
const stream = call('request-stream');
const channel = call('request-channel');
const forget = call('fire-and-forget');
const send = (name: string, value: unknown, metadata?: unknown): object => ask('send', { call: name, value, metadata });
const finish = (name: string, error?: object): object => ask('finish', { call: name, error });
const cancel = (name: string): object => ask('cancel', { call: name });
const credit = (name: string, n: number): object => ask('credit', { call: name, n });

/** The beginning and the end of a run of a handler; what it is told in between. */
const ran = (run: string, first: string, ...between: readonly string[]): readonly string[] =>
  [`started ${first}`, ...between, 'finished'].map((line) => `${run} ${line}`);
const answered = (name: string, ...items: readonly string[]): readonly string[] => [
  ...items.map((item) => `${name} < ${item}`),
  `${name} end`,
];
const failed = (name: string, why: string, ...items: readonly string[]): readonly string[] => [
  ...items.map((item) => `${name} < ${item}`),
  `${name} ! ${why}`,
  `${name} end`,
];

/** A request-response that is answered, or failed. */
const once = (name: string, run: string, value: string, outcome: readonly string[]): Turn => [
  [response(name, run.split('#')[0]?.slice(2), value)],
  [...ran(run, JSON.stringify(value)), ...outcome],
];

/** The conversations that the kits of all languages hold alike about the services of cases/rsocket/services.yaml. */
export const CONVERSATIONS: Readonly<Record<string, Conversation>> = {
  'data and metadata as they came': {
    turns: [
      once('a', 's/echo#1', 'hi', answered('a', '"hi"')),
      [
        [response('b', 'echo', { $bytes: '/wA=' }, { metadata: '' })],
        [...ran('s/echo#2', '{"$bytes":"/wA="} + ""'), ...answered('b', '{"$bytes":"/wA="} + ""')],
      ],
      [
        [response('c', 'echo', '\ufeffä', { metadata: { $bytes: 'gA==' } })],
        [...ran('s/echo#3', '"\ufeffä" + {"$bytes":"gA=="}'), ...answered('c', '"\ufeffä" + {"$bytes":"gA=="}')],
      ],
      [[response('d', 'echo')], [...ran('s/echo#4', '""'), ...answered('d', '""')]],
    ],
  },
  'an answer, none, the first of two': {
    turns: [
      once('a', 's/empty#1', 'x', answered('a', '""')),
      once('b', 's/nothing#1', 'x', answered('b')),
      once('c', 's/twice#1', '', answered('c', '"first"')),
      once('d', 's/slow#1', '10', answered('d', '"10"')),
      once('e', 's/slow#2', 'soon', answered('e', '"soon"')),
      once('f', 's/slow#3', '-5', answered('f', '"-5"')),
    ],
  },
  'errors of a code, and of none': {
    turns: [
      ['REJECTED no, not this', 'REJECTED no, not this'],
      ['INVALID', 'INVALID '],
      ['INVALID_SETUP of a call', 'INVALID_SETUP of a call'],
      ['0x00000301 mine', '0x00000301 mine'],
      ['0x301 mine', '0x00000301 mine'],
      ['0xFFFFFFFE theirs', '0xfffffffe theirs'],
      ['0x no code', 'APPLICATION_ERROR 0x no code'],
      ['0x1g no code', 'APPLICATION_ERROR 0x1g no code'],
      ['0x123456789 too long', 'APPLICATION_ERROR 0x123456789 too long'],
      ['rejected no', 'APPLICATION_ERROR rejected no'],
      ['', 'APPLICATION_ERROR '],
    ].map(([value = '', why = ''], i) => once(`a${i}`, `s/error#${i + 1}`, value, failed(`a${i}`, why))),
  },
  'handlers that raise, and routes that are not there': {
    turns: [
      once('a', 's/raise#1', 'REJECTED is text', failed('a', 'APPLICATION_ERROR REJECTED is text')),
      [[response('b', 'elsewhere', 'x')], failed('b', 'APPLICATION_ERROR there is no route elsewhere')],
      [[response('c', 'toString', 'x')], failed('c', 'APPLICATION_ERROR there is no route toString')],
      [[response('d', undefined, 'x')], failed('d', 'APPLICATION_ERROR the request has no route')],
      [[stream('e', 'elsewhere', '3')], failed('e', 'APPLICATION_ERROR there is no route elsewhere')],
      [[channel('f', 'elsewhere', '3')], failed('f', 'APPLICATION_ERROR there is no route elsewhere')],
      [
        [forget('g', 'elsewhere', '3'), response('h', 'logged')],
        [...ran('s/logged#1', '""'), ...answered('h', '""')],
      ],
    ],
  },
  'what is counted and logged stays': {
    turns: [
      once('a', 's/count#1', '5', answered('a', '"5"')),
      once('b', 's/count#2', '-7', answered('b', '"-2"')),
      ...['many', '', '+1', '1e3', '0x10', '7up', '1'.repeat(20)].map((none, i) =>
        once(`c${i}`, `s/count#${i + 3}`, none, answered(`c${i}`, '"-2"')),
      ),
      [[forget('d', 'log', 'one')], ran('s/log#1', '"one"')],
      [[forget('e', 'log-raise', 'two', { metadata: 'm' })], ran('s/log-raise#1', '"two" + "m"')],
      once('f', 's/logged#1', '', answered('f', '"one,two"')),
    ],
  },
  'handlers that call back': {
    turns: [
      [
        [response('a', 'call-back', 'x', { metadata: 'm' })],
        [...ran('s/call-back#1', '"x" + "m"'), ...ran('c/echo#1', '"x" + "m"'), ...answered('a', '"x" + "m"')],
      ],
      [[response('b', 'push-back', 'x')], [...ran('s/push-back#1', '"x"'), 'c/metadata-push#1 started - + "x"', ...answered('b', '""')]],
      [[ask('invoke', { at: 'c', call: 'p', kind: 'metadata-push', metadata: 'up' })], ['s/metadata-push#1 started - + "up"']],
      [
        [ask('invoke', { at: 's', call: 'd', kind: 'request-response', procedure: 'echo', value: 'down' })],
        [...ran('c/echo#2', '"down"'), ...answered('d', '"down"')],
      ],
    ],
  },
  'calls that are given up': {
    turns: [
      [[response('a', 'never', 'x')], ['s/never#1 started "x"']],
      [[cancel('a')], ['a end', 's/never#1 cancelled', 's/never#1 finished']],
      [[response('b', 'slow', '60000')], ['s/slow#1 started "60000"']],
      [[cancel('b')], ['b end', 's/slow#1 cancelled', 's/slow#1 finished']],
      [[stream('c', 'ticks-open', '2')], ['s/ticks-open#1 started "2"', 'c < "1"', 'c < "2"']],
      [[cancel('c')], ['c end', 's/ticks-open#1 cancelled', 's/ticks-open#1 finished']],
      [[channel('d', 'channel-withhold', '2')], ['s/channel-withhold#1 started "2"']],
      [[send('d', 'waits')], []],
      [[cancel('d')], ['d end', 's/channel-withhold#1 cancelled', 's/channel-withhold#1 finished']],
      once('e', 's/echo#1', 'x', answered('e', '"x"')),
      // What is over stays so.
      [[cancel('e')], []],
    ],
  },
  'streams to their end': {
    turns: [
      [[stream('a', 'ticks', '3')], [...ran('s/ticks#1', '"3"'), ...answered('a', '"1"', '"2"', '"3"')]],
      [[stream('b', 'ticks', '0')], [...ran('s/ticks#2', '"0"'), ...answered('b')]],
      [[stream('c', 'ticks', 'none')], [...ran('s/ticks#3', '"none"'), ...answered('c')]],
      [[stream('d', 'ticks', '-1')], [...ran('s/ticks#4', '"-1"'), ...answered('d')]],
      [[stream('e', 'ticks-slow', '2')], [...ran('s/ticks-slow#1', '"2"'), ...answered('e', '"1"', '"2"')]],
      [
        [stream('f', 'ticks-metadata', '2', { metadata: 'm' })],
        [...ran('s/ticks-metadata#1', '"2" + "m"'), ...answered('f', '"1" + "m1"', '"2" + "m2"')],
      ],
      [[stream('g', 'ticks-blocks', '2 3')], [...ran('s/ticks-blocks#1', '"2 3"'), ...answered('g', '"111"', '"222"')]],
      [[stream('h', 'ticks-blocks', '1')], [...ran('s/ticks-blocks#2', '"1"'), ...answered('h', '""')]],
      [[stream('k', 'ticks-blocks', '1 -1')], [...ran('s/ticks-blocks#3', '"1 -1"'), ...answered('k', '""')]],
      [
        [stream('i', 'ticks-error', '2 REJECTED no more')],
        [...ran('s/ticks-error#1', '"2 REJECTED no more"'), ...failed('i', 'REJECTED no more', '"1"', '"2"')],
      ],
      [[stream('j', 'ticks-error', '0')], [...ran('s/ticks-error#2', '"0"'), ...failed('j', 'APPLICATION_ERROR ')]],
    ],
  },
  'items wait for credit, the end with the last': {
    turns: [
      [[stream('a', 'ticks', '5', { credit: 2 })], ['s/ticks#1 started "5"', 'a < "1"', 'a < "2"']],
      [[credit('a', 1)], ['a < "3"']],
      [[credit('a', 2)], ['a < "4"', 'a < "5"', 'a end', 's/ticks#1 finished']],
      [[stream('b', 'ticks-open', '3', { credit: 1 })], ['s/ticks-open#1 started "3"', 'b < "1"']],
      [[credit('b', 2 ** 31 - 1)], ['b < "2"', 'b < "3"']],
      [[cancel('b')], ['b end', 's/ticks-open#1 cancelled', 's/ticks-open#1 finished']],
      [[stream('c', 'ticks', '5', { credit: 1 })], ['s/ticks#2 started "5"', 'c < "1"']],
      [[cancel('c')], ['c end', 's/ticks#2 cancelled', 's/ticks#2 finished']],
      [[channel('d', 'channel-echo', 'x', { credit: 1 })], ['s/channel-echo#1 started "x"', 'd < "x"']],
      [
        [send('d', 'y'), send('d', 'z')],
        ['s/channel-echo#1 request "y"', 's/channel-echo#1 request "z"'],
      ],
      [[finish('d')], ['s/channel-echo#1 requests-closed']],
      [[credit('d', 1)], ['d < "y"']],
      [[credit('d', 1)], ['d < "z"', 'd end', 's/channel-echo#1 finished']],
    ],
  },
  'channels that repeat and sum': {
    turns: ['channel-echo', 'channel-one-by-one']
      .flatMap((route, i): Turn[] => {
        const [name, run] = [`a${i}`, `s/${route}#1`];
        return [
          [[channel(name, route, 'x', { metadata: 'm' })], [`${run} started "x" + "m"`, `${name} < "x" + "m"`]],
          [[send(name, 'y', '')], [`${run} request "y" + ""`, `${name} < "y" + ""`]],
          [
            [send(name, { $bytes: '/w==' }), send(name, 'z')],
            [`${run} request {"$bytes":"/w=="}`, `${run} request "z"`, `${name} < {"$bytes":"/w=="}`, `${name} < "z"`],
          ],
          [[finish(name)], [`${run} requests-closed`, `${run} finished`, `${name} end`]],
        ];
      })
      .concat([
        [[channel('b', 'channel-sum', '1')], ['s/channel-sum#1 started "1"']],
        [
          [send('b', '-3'), send('b', 'nothing'), send('b', '10 apples')],
          ['s/channel-sum#1 request "-3"', 's/channel-sum#1 request "nothing"', 's/channel-sum#1 request "10 apples"'],
        ],
        [[finish('b')], ['s/channel-sum#1 requests-closed', 's/channel-sum#1 finished', 'b < "8"', 'b end']],
        [[channel('c', 'channel-sum', '1')], ['s/channel-sum#2 started "1"']],
        [[finish('c')], ['s/channel-sum#2 requests-closed', 's/channel-sum#2 finished', 'c < "1"', 'c end']],
      ]),
  },
  'channels of which one side is done before the other': {
    turns: [
      [[channel('a', 'channel-first', 'x')], ['s/channel-first#1 started "x"', 'a < "x"']],
      [[send('a', 'y')], ['s/channel-first#1 request "y"']],
      [[finish('a')], ['s/channel-first#1 requests-closed', 's/channel-first#1 finished', 'a end']],
      [[channel('b', 'channel-stop', 'x')], [...ran('s/channel-stop#1', '"x"'), ...answered('b', '"x"')]],
      [[send('b', 'late'), finish('b')], []],
    ],
  },
  'a channel that is given up when its handler has sent all': {
    turns: [
      [[channel('a', 'channel-first', 'x')], ['s/channel-first#1 started "x"', 'a < "x"']],
      [[cancel('a')], ['a end', 's/channel-first#1 cancelled', 's/channel-first#1 finished']],
    ],
  },
  'channels that fail, from either side': {
    turns: [
      [[channel('a', 'channel-error', 'x')], ['s/channel-error#1 started "x"', 'a < "x"']],
      // The second is on its way when the first has ended it.
      [
        [send('a', '0x00000301 no'), send('a', 'late')],
        ['s/channel-error#1 request "0x00000301 no"', 's/channel-error#1 finished', 'a ! 0x00000301 no', 'a end'],
      ],
      ...[
        ['REJECTED', 'REJECTED'],
        ['0x00000301', '0x00000301'],
        [0x202, 'REJECTED'],
      ].flatMap(([code, name], i): Turn[] => [
        [[channel(`b${i}`, 'channel-echo', 'x')], [`s/channel-echo#${i + 1} started "x"`, `b${i} < "x"`]],
        [
          [finish(`b${i}`, { code, message: 'gone' })],
          [`b${i} end`, `s/channel-echo#${i + 1} requests-failed "${name}"`, `s/channel-echo#${i + 1} finished`],
        ],
      ]),
    ],
  },
};

/** What a SETUP says, and what becomes of it. */
export const SETUPS: readonly (readonly [data: unknown, status: 'connected' | 'refused'])[] = [
  [undefined, 'connected'],
  ['hello', 'connected'],
  ['refuse', 'refused'],
  ['refuse ', 'connected'],
  ['wait-10-refuse', 'refused'],
  ['wait-10-wait-10-refuse', 'refused'],
  ['wait-10-wait-10-\n', 'connected'],
  ['wait--refuse', 'connected'],
  ['wait-1.5-refuse', 'connected'],
  ['wait-+1-refuse', 'connected'],
];
