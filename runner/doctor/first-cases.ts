import type { Role } from '../../protocols/common/frame.ts';
import type { LoadedCase } from '../cases/case.ts';
import type { Step } from '../cases/step.ts';

/** Steps of cases in which nothing goes wrong and nobody is scripted. */
const PLAIN: ReadonlySet<Step['action']['kind']> = new Set([
  'connect',
  'invoke',
  'send',
  'start',
  'receive',
  'finish',
  'end',
  'cancel',
  'disconnect',
]);

/** A step, as files have it, of cases that are not plain: most have one. */
const NOT_PLAIN = /^\s*- (?:peer|await|quiet|fault|opened|closed|status|handler|serve|stop|toxic|broker):/m;

/** Whether a case file may hold plain cases, by a look at its text: reading the corpus takes a second, which whoever asks for the first ones can spare. */
export function mayBePlain(text: string): boolean {
  return !NOT_PLAIN.test(text);
}

/** What an adapter must be able to hear and tell of a protocol, and the case that shows it. */
export interface FirstCase {
  /** `a call of kind stream`, `the timer heartbeatIntervalMs`. */
  readonly what: string;
  readonly case: string;
}

/** What an adapter says that it can do. */
export interface Able {
  readonly roles: readonly Role[];
  readonly features: readonly string[];
}

/** The smallest plain case of each kind of procedure that it can play, and of a call that its caller cancels. */
export function firstOfEachKind(cases: readonly LoadedCase[], able: Able): readonly FirstCase[] {
  const plain = bySize(cases.filter((each) => each.steps.every(({ action }) => PLAIN.has(action.kind)) && plays(each, able)));
  const kinds = [...new Set(plain.flatMap(kindsOf))].sort();
  const ofKind = kinds.flatMap((kind) => {
    const found =
      plain.find((each) => kindsOf(each).includes(kind) && has(each, 'receive', 'end')) ??
      plain.find((each) => kindsOf(each).includes(kind));
    return found === undefined ? [] : [{ what: `a call of kind ${kind}`, case: found.id }];
  });
  const cancelled = plain.find((each) => has(each, 'cancel'));
  return cancelled === undefined ? ofKind : [...ofKind, { what: 'a call that is cancelled', case: cancelled.id }];
}

/**
 * The smallest case of a server in which nothing goes wrong and that asks what its handlers saw; undefined where none does, or it is no
 * server, or it says that it cannot tell.
 */
export function firstOfHandlers(cases: readonly LoadedCase[], able: Able): FirstCase | undefined {
  if (!able.roles.includes('server')) return undefined;
  const asks = ({ steps }: LoadedCase): boolean => steps.every(({ action: { kind } }) => kind === 'handler' || PLAIN.has(kind));
  const found = bySize(
    cases.filter(
      (each) => each.roles.includes('server') && has(each, 'handler') && asks(each) && plays(each, { ...able, roles: ['server'] }),
    ),
  )[0];
  return found === undefined ? undefined : { what: 'what its handlers see', case: found.id };
}

/** The smallest case that it can play and that gives the timer a value of its own, timer by timer. */
export function firstOfEachTimer(cases: readonly LoadedCase[], able: Able, timers: readonly string[]): readonly FirstCase[] {
  const ordered = bySize(cases.filter((each) => plays(each, able)));
  return timers.flatMap((timer) => {
    const found = ordered.find((each) => timersOf(each, able.roles).includes(timer));
    return found === undefined ? [] : [{ what: `the timer ${timer}`, case: found.id }];
  });
}

function plays({ roles, needs }: LoadedCase, able: Able): boolean {
  return needs.every((need) => able.features.includes(need)) && roles.some((role) => able.roles.includes(role));
}

/** The tag of cases with many or large messages, which a few steps say. */
const LARGE = 'large';

/**
 * What has nothing beside its values first and is small, then what has fewest steps; of those with as many what is no member of a product,
 * which somebody thought of by itself, then what says least.
 */
function bySize(cases: readonly LoadedCase[]): LoadedCase[] {
  const depth = ({ id }: LoadedCase): number => id.split('/').length;
  // A step writes its text whenever it is asked.
  const sizes = new Map<LoadedCase, number>();
  const said = (each: LoadedCase): number => {
    const size = sizes.get(each) ?? each.steps.reduce((sum, { text }) => sum + text.length, 0);
    sizes.set(each, size);
    return size;
  };
  const beside = ({ steps, tags }: LoadedCase): number =>
    steps.filter(({ action }) => 'metadata' in action && action.metadata !== undefined).length + (tags.includes(LARGE) ? 1 : 0);
  return cases.toSorted(
    (a, b) =>
      beside(a) - beside(b) || a.steps.length - b.steps.length || depth(a) - depth(b) || said(a) - said(b) || (a.id < b.id ? -1 : 1),
  );
}

function kindsOf({ steps }: LoadedCase): string[] {
  return steps.flatMap(({ action }) => (action.kind === 'invoke' && action.procedureKind !== '' ? [action.procedureKind] : []));
}

function has({ steps }: LoadedCase, ...kinds: readonly Step['action']['kind'][]): boolean {
  return kinds.every((kind) => steps.some(({ action }) => action.kind === kind));
}

/** Timers that a case sets for the ends in question. */
function timersOf({ server, steps }: LoadedCase, roles: readonly Role[]): string[] {
  const ofServers = roles.includes('server') ? Object.keys(server.timers) : [];
  const ofClients = steps.flatMap(({ action }) =>
    action.kind === 'connect' && roles.includes('client') ? Object.keys(action.timers) : [],
  );
  return [...ofServers, ...ofClients];
}
