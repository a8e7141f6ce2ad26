import { type CallKind, kindEnds } from '../../protocols/common/call-kind.ts';
import { MAIN } from '../../protocols/common/instance.ts';
import type { Action } from './step.ts';
import type { StepArguments } from './step-grammar.ts';

/** What a case leaves to the protocol and its services. */
export interface Usual {
  /** Kind of call by procedure, as services.yaml has it. */
  readonly procedureKinds: Readonly<Record<string, string>>;
  readonly kinds: Readonly<Record<string, CallKind>>;
}

/** Turns the parsed arguments of a step into what the step does. `peer` and `repeat` have no arguments of their own. */
export function toAction<K extends keyof StepArguments>(kind: K, args: StepArguments[K], usual: Usual): Action {
  return makers[kind](args, usual);
}

type Makers = { readonly [K in keyof StepArguments]: (args: StepArguments[K], usual: Usual) => Action };

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
    ...given({ to: args.to }),
  }),
  serve: (args) => ({
    kind: 'serve',
    server: args.as,
    serverId: args['server-id'],
    timers: args.timers ?? {},
    options: args.options ?? {},
    ...given({ fails: args.fails }),
  }),
  stop: ({ of, how }) => ({ kind: 'stop', server: of, ...given({ how }) }),
  invoke: ({ as, at, on, to, procedure, kind, value, init, metadata, credit }, usual) => {
    const procedureKind = kind ?? (procedure === undefined ? undefined : own(usual.procedureKinds, procedure)) ?? '';
    const opening = firstOf(value, init, own(usual.kinds, procedureKind)?.opening);
    return {
      kind: 'invoke',
      call: as,
      at: at ?? on ?? MAIN,
      procedureKind,
      ...(kindEnds(usual, procedureKind) ? {} : { endless: true }),
      ...given({ to, procedure, value: opening, metadata, credit }),
    };
  },
  send: ({ to, value, request, metadata }) => ({ kind: 'send', call: to, value: firstOf(value, request), ...given({ metadata }) }),
  credit: ({ of, n }) => ({ kind: 'credit', call: of, n }),
  start: ({ of, metadata, within }) => ({ kind: 'start', call: of, ...given({ metadata }), within }),
  receive: (args) => ({
    kind: 'receive',
    call: args.from,
    ok: args.ok,
    ...given({ metadata: args.metadata }),
    error: args.error,
    within: args.within,
  }),
  finish: ({ of, metadata, error }) => ({ kind: 'finish', call: of, ...given({ metadata, error }) }),
  end: (args) => ({
    kind: 'end',
    call: args.of,
    error: args.error,
    ...given({ metadata: args.metadata }),
    within: args.within,
    ...(args.whatever === undefined ? {} : { whatever: args.whatever }),
  }),
  cancel: (call) => ({ kind: 'cancel', call }),
  disconnect: (client) => ({ kind: 'disconnect', client }),
  status: (args) => ({ kind: 'status', instance: args.of, is: args.is, detail: args.detail, within: args.within }),
  handler: ({ at, procedure, event, value, metadata, within }) => ({
    kind: 'handler',
    ...given({ at, procedure }),
    event,
    value,
    ...given({ metadata }),
    within,
  }),
  closed: (args) => ({
    kind: 'closed',
    by: args.by,
    code: args.code,
    connection: args.connection,
    ...(args['if-opened'] === undefined ? {} : { ifOpened: true as const }),
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
  broker: (args) =>
    typeof args === 'string' ? { kind: 'broker', happens: args } : { kind: 'broker', ask: args.ask, is: args.is, within: args.within },
  toxic: (toxic) => ({ kind: 'toxic', toxic }),
};

/** The first that is said; null is a value. */
function firstOf(...values: readonly unknown[]): unknown {
  return values.find((value) => value !== undefined);
}

function own<T>(map: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** The members that are there. */
function given<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  // What is left has no undefined members.
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
