import type { CallKeys } from '../../protocols/common/call-kind.ts';
import { MAIN, SERVER_NAME } from '../../protocols/common/instance.ts';
import { isPlainObject } from '../../protocols/common/value.ts';
import { type ToxicCommand, whose } from '../toxics/toxic.ts';
import type { Catalogue } from './case.ts';
import type { Problem } from './problem.ts';
import type { Path, Source } from './source.ts';
import type { Action, Outage } from './step.ts';
import type { PlacedStep } from './steps.ts';
import { suggestion } from './suggest.ts';

/** What the names of a case stand for, gathered step by step. */
interface Names {
  readonly clients: Set<string>;
  readonly servers: Set<string>;
  readonly calls: Map<string, 'open' | 'ended'>;
  readonly toxics: Set<string>;
  broker: 'up' | 'down' | 'frozen';
}

/** What a broker must be for something to happen to it, and what it is then. */
const OUTCOMES: { readonly [K in Outage]: { readonly from: Names['broker']; readonly to: Names['broker'] } } = {
  down: { from: 'up', to: 'down' },
  up: { from: 'down', to: 'up' },
  restart: { from: 'up', to: 'up' },
  freeze: { from: 'up', to: 'frozen' },
  thaw: { from: 'frozen', to: 'up' },
};

/** Checks that steps refer only to clients, calls and procedures that exist at that point, and that their bounds make sense. */
export function checkNames(source: Source, steps: readonly PlacedStep[], catalogue: Catalogue, callKeys: CallKeys): Problem[] {
  const problems: Problem[] = [];
  const connectsMain = steps.some(({ action }) => action.kind === 'connect' && action.client === 'main');
  const names: Names = {
    clients: new Set(connectsMain ? [] : ['main']),
    servers: new Set([SERVER_NAME]),
    calls: new Map(),
    toxics: new Set(),
    broker: 'up',
  };
  const say = (path: Path, message: string, hint?: string): void => {
    problems.push(source.problem(path, message, hint));
  };
  const client = (name: string, path: Path): void => {
    if (names.clients.has(name)) return;
    const hint = name === 'main' ? 'move its `connect` step up' : suggestion(name, names.clients, 'clients so far');
    say(path, `no client named \`${name}\` exists at this point`, hint);
  };
  const server = (name: string, path: Path): void => {
    if (names.servers.has(name)) return;
    say(path, `no server named \`${name}\` exists at this point`, suggestion(name, names.servers, 'servers so far'));
  };
  const instance = (name: string, path: Path): void => {
    if (!names.servers.has(name)) client(name, path);
  };
  const call = (name: string, path: Path, reads = false): void => {
    const state = names.calls.get(name);
    if (state === undefined)
      say(path, `no call named \`${name}\` was invoked before this`, suggestion(name, names.calls.keys(), 'calls so far'));
    else if (reads && state === 'ended') say(path, `\`${name}\` has ended already: nothing more can be read from it`);
  };
  const procedure = (name: string, path: Path): void => {
    if (Object.hasOwn(catalogue.procedureKinds, name)) return;
    say(path, `services.yaml has no procedure \`${name}\``, suggestion(name, Object.keys(catalogue.procedureKinds), 'procedures'));
  };
  const toxic = (command: ToxicCommand, path: Path): void => {
    if (command.kind !== 'remove') {
      const of = whose(command);
      if (of !== undefined) instance(of, [...path, command.kind, 'of']);
    }
    if (command.kind === 'add') {
      const { name } = command.toxic;
      if (names.toxics.has(name))
        say([...path, 'add'], `a toxic named \`${name}\` exists already`, 'remove it first, or give this one a `name`');
      names.toxics.add(name);
    } else if (command.kind === 'remove' && !names.toxics.delete(command.name)) {
      say(
        [...path, 'remove'],
        `no toxic named \`${command.name}\` exists at this point`,
        suggestion(command.name, names.toxics, 'toxics so far'),
      );
    }
  };
  const outage = (what: Outage, path: Path): void => {
    const { from, to } = OUTCOMES[what];
    if (names.broker !== from) say(path, `the broker is ${names.broker} at this point, and \`${what}\` is for one that is ${from}`);
    names.broker = to;
  };
  const bounds = (action: { after: number; within: number }, path: Path): void => {
    if (action.after >= action.within) {
      say(path, `\`after\` (${action.after} ms) must be less than \`within\` (${action.within} ms)`, 'give a longer `within`');
    }
  };

  for (const { action, path } of steps) {
    const at: Path = [...path, action.kind];
    switch (action.kind) {
      case 'connect':
        if (names.clients.has(action.client) && setsUp(action)) {
          say([...at, 'as'], `a client named \`${action.client}\` exists already`, 'say nothing but `as` to make it dial');
        }
        if (names.servers.has(action.client)) say([...at, 'as'], `\`${action.client}\` is a server`, 'give the client another name');
        if (action.to !== undefined) server(action.to, [...at, 'to']);
        names.clients.add(action.client);
        break;
      case 'serve':
        if (names.servers.has(action.server) || names.clients.has(action.server) || action.server === MAIN)
          say([...at, 'as'], `something named \`${action.server}\` exists already`, 'give each server its own name');
        names.servers.add(action.server);
        break;
      case 'stop':
        server(action.server, hasAt(source, at, 'of') ? [...at, 'of'] : at);
        break;
      case 'invoke': {
        instance(action.at, [...at, hasAt(source, at, 'on') ? 'on' : 'at']);
        if (names.calls.has(action.call))
          say([...at, 'as'], `a call named \`${action.call}\` exists already`, 'give each call its own name');
        names.calls.set(action.call, 'open');
        const name = action.procedure;
        if (name !== undefined && action.procedureKind === '') {
          const hint = suggestion(name, Object.keys(catalogue.procedureKinds), 'procedures');
          say(
            [...at, 'procedure'],
            `services.yaml has no procedure \`${name}\``,
            `${hint} For a procedure that must not exist give its \`kind\`.`,
          );
        }
        break;
      }
      case 'send':
        call(action.call, [...at, 'to']);
        break;
      case 'credit':
        call(action.call, [...at, 'of']);
        break;
      case 'start':
        call(action.call, [...at, 'of'], true);
        break;
      case 'receive':
        call(action.call, [...at, 'from'], true);
        break;
      case 'end':
        call(action.call, at, true);
        names.calls.set(action.call, 'ended');
        break;
      case 'finish':
      case 'cancel':
        call(action.call, at);
        break;
      case 'disconnect':
        client(action.client, at);
        break;
      case 'status':
        if (action.instance !== undefined) instance(action.instance, [...at, 'of']);
        break;
      case 'handler':
        if (action.at !== undefined) instance(action.at, [...at, 'at']);
        if (action.procedure !== undefined) procedure(action.procedure, [...at, 'procedure']);
        break;
      case 'opened':
      case 'closed':
        bounds(action, at);
        break;
      case 'await':
        bounds(action, at);
        if (isPlainObject(action.wire) && Object.keys(action.wire).length === 0) {
          say([...at, 'wire'], 'an empty pattern matches every frame', 'say which frame is meant: `from`, `kind`, `stream`, `payload`, …');
        }
        break;
      case 'quiet':
        for (const name of action.calls) call(name, [...at, 'calls']);
        if (action.noHandler !== undefined) procedure(action.noHandler, [...at, 'no-handler']);
        if (action.no.length + action.calls.length === 0 && !action.noConnection && !action.noClose && action.noHandler === undefined) {
          say(at, 'a `quiet` step must say what may not happen', 'add `no`, `calls`, `no-connection`, `no-close` or `no-handler`');
        }
        break;
      case 'peer':
        if (isPlainObject(action.command) && typeof action.command['on'] === 'string') client(action.command['on'], [...at, 'on']);
        break;
      case 'toxic':
        toxic(action.toxic, at);
        break;
      case 'broker':
        if ('happens' in action) outage(action.happens, at);
        else if (names.broker !== 'up') say(at, `the broker is ${names.broker} at this point, and answers nothing`);
        break;
      case 'fault':
        break;
    }
  }
  problems.push(...checkCallsOnWire(source, steps, callKeys));
  return problems;
}

/** Whether a step has a member of that name. */
function hasAt(source: Source, step: Path, name: string): boolean {
  const value = step.reduce<unknown>(
    (inner, part) => (typeof inner === 'object' && inner !== null ? (inner as Record<string | number, unknown>)[part] : undefined),
    source.value,
  );
  return isPlainObject(value) && Object.hasOwn(value, name);
}

/** Wire patterns and faults may name a call before it exists, but it must exist in the case. */
function checkCallsOnWire(source: Source, steps: readonly PlacedStep[], callKeys: CallKeys): Problem[] {
  const known = callNames(steps, callKeys);
  return steps.flatMap(({ action, path }) => {
    if (action.kind === 'peer') return [];
    return patternsOf(action).flatMap(({ pattern, path: inner }) =>
      callProblems(source, [...path, action.kind, ...inner], pattern, known, callKeys),
    );
  });
}

/** Names that stand for something on the wire in a case: its calls, and whatever its peer steps give a name. */
export function callNames(steps: readonly PlacedStep[], { opens }: CallKeys): ReadonlySet<string> {
  const known = new Set<string>();
  for (const { action } of steps) {
    if (action.kind === 'invoke') known.add(action.call);
    if (action.kind !== 'peer' || !isPlainObject(action.command)) continue;
    for (const value of Object.values(action.command)) {
      if (!isPlainObject(value)) continue;
      for (const key of opens) if (typeof value[key] === 'string') known.add(value[key]);
    }
  }
  return known;
}

/** A problem for each call that a wire pattern names and the case does not have. */
export function callProblems(source: Source, path: Path, pattern: unknown, known: ReadonlySet<string>, { wire }: CallKeys): Problem[] {
  return wire.flatMap((key) => {
    const name = isPlainObject(pattern) ? pattern[key] : undefined;
    if (typeof name !== 'string' || known.has(name)) return [];
    return [source.problem([...path, key], `no call or scripted stream is named \`${name}\``, suggestion(name, known, 'streams'))];
  });
}

/** Whether a connect step says what the client is to be like, which only its first can. */
function setsUp({ clientId, serverId, metadata, timers, options, eager, to }: Extract<Action, { kind: 'connect' }>): boolean {
  const given = [clientId, serverId, metadata, to].some((each) => each !== undefined);
  return given || Object.keys(timers).length + Object.keys(options).length > 0 || !eager;
}

function patternsOf(action: PlacedStep['action']): { readonly pattern: unknown; readonly path: Path }[] {
  switch (action.kind) {
    case 'await':
      return [{ pattern: action.wire, path: ['wire'] }];
    case 'quiet':
      return action.no.map((pattern) => ({ pattern, path: ['no'] }));
    case 'fault':
      if (typeof action.fault === 'string') return [];
      return Object.entries(action.fault).flatMap(([key, value]) =>
        isPlainObject(value) && 'frame' in value ? [{ pattern: value.frame, path: [key, 'frame'] }] : [],
      );
    default:
      return [];
  }
}
