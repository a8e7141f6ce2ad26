import type { StepArguments } from './grammar.ts';
import type { Action } from './step.ts';

/** Turns the parsed arguments of a step into what the step does. `peer` and `repeat` have no arguments of their own. */
export function toAction<K extends keyof StepArguments>(kind: K, args: StepArguments[K], kinds: Readonly<Record<string, string>>): Action {
  return makers[kind](args, kinds);
}

type Makers = { readonly [K in keyof StepArguments]: (args: StepArguments[K], kinds: Readonly<Record<string, string>>) => Action };

const makers: Makers = {
  connect: (args) => ({
    kind: 'connect',
    client: args.as,
    clientId: args['client-id'],
    serverId: args['server-id'],
    metadata: args.metadata,
    timers: args.timers ?? {},
    options: args.options ?? {},
    eager: args.eager,
  }),
  invoke: (args, kinds) => {
    const dot = args.procedure.indexOf('.');
    return {
      kind: 'invoke',
      call: args.as,
      client: args.on,
      service: args.procedure.slice(0, dot),
      procedure: args.procedure.slice(dot + 1),
      procedureKind: args.kind ?? kinds[args.procedure] ?? '',
      init: args.init,
    };
  },
  send: (args) => ({ kind: 'send', call: args.to, request: args.request }),
  receive: (args) => ({ kind: 'receive', call: args.from, ok: args.ok, error: args.error, within: args.within }),
  finish: (call) => ({ kind: 'finish', call }),
  end: (args) => ({
    kind: 'end',
    call: args.of,
    error: args.error,
    within: args.within,
    ...(args.whatever === undefined ? {} : { whatever: args.whatever }),
  }),
  cancel: (call) => ({ kind: 'cancel', call }),
  disconnect: (client) => ({ kind: 'disconnect', client }),
  status: (args) => ({ kind: 'status', instance: args.of, is: args.is, detail: args.detail, within: args.within }),
  handler: (args) => ({ kind: 'handler', procedure: args.procedure, event: args.event, value: args.value, within: args.within }),
  closed: (args) => ({
    kind: 'closed',
    by: args.by,
    code: args.code,
    connection: args.connection,
    after: args.after ?? 0,
    within: args.within,
  }),
  opened: ({ after = 0, apart, within }) => ({
    kind: 'opened',
    after,
    ...(apart === undefined ? {} : { apart: { min: apart.min ?? 0, max: apart.max ?? Number.POSITIVE_INFINITY } }),
    within,
  }),
  await: (args) => ({ kind: 'await', wire: args.wire, times: args.times, after: args.after ?? 0, within: args.within }),
  quiet: (args) => ({
    kind: 'quiet',
    for: args.for,
    no: args.no === undefined ? [] : Array.isArray(args.no) ? args.no : [args.no],
    calls: args.calls ?? [],
    noConnection: args['no-connection'] ?? false,
    noClose: args['no-close'] ?? false,
    noHandler: args['no-handler'],
  }),
  fault: (fault) => ({ kind: 'fault', fault }),
  toxic: (toxic) => ({ kind: 'toxic', toxic }),
};
