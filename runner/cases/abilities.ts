import type { MetadataPlace } from '../../protocols/common/call-kind.ts';
import { fromTagged } from '../../protocols/common/value.ts';
import { whose } from '../toxics/toxic.ts';
import { problemsOf } from './issues.ts';
import type { CaseLanguage } from './language.ts';
import type { Problem } from './problem.ts';
import { serverNames } from './servers.ts';
import type { Path, Source } from './source.ts';
import type { Outage } from './step.ts';
import type { PlacedStep } from './steps.ts';
import { suggestion } from './suggest.ts';

/** After these a broker is at another address. */
const MOVES: ReadonlySet<Outage> = new Set(['down', 'up', 'restart']);

/** Checks that steps ask only for what the protocol has: kinds of calls, callers, credit, metadata, ends of calls. */
export function checkAbilities(source: Source, steps: readonly PlacedStep[], language: CaseLanguage): Problem[] {
  const problems: Problem[] = [];
  const servers = serverNames(steps);
  /** Kinds of calls whose callers are told nothing. */
  const endless = new Map<string, string>();
  const say = (path: Path, message: string, hint?: string): void => {
    problems.push(source.problem(path, message, hint));
  };
  const credit = (n: number, path: Path): void => {
    if (language.credit === undefined) {
      say(path, `${language.title} has no credit: its readers cannot say how much they take`, 'leave it out');
      return;
    }
    const parsed = language.credit.safeParse(n);
    if (!parsed.success) problems.push(...problemsOf(source, path, n, parsed.error, language.credit));
  };
  const hasMetadata = (place: MetadataPlace, path: Path): boolean => {
    const places = language.metadata?.at ?? [];
    if (places.includes(place)) return true;
    const what = {
      start: 'with the start of a call',
      answer: 'before the first value',
      value: 'with a value',
      error: 'with an error',
      end: 'with the end',
    };
    const hint = places.length === 0 ? 'it has none anywhere' : `it has metadata ${places.map((each) => what[each]).join(', ')}`;
    say([...path, 'metadata'], `${language.title} has no metadata ${what[place]}`, hint);
    return false;
  };
  const written = (metadata: unknown, place: MetadataPlace, path: Path): void => {
    if (metadata === undefined || !hasMetadata(place, path) || language.metadata === undefined) return;
    const { grammar } = language.metadata;
    const parsed = grammar.safeParse(fromTagged(metadata));
    if (!parsed.success) problems.push(...problemsOf(source, [...path, 'metadata'], metadata, parsed.error, grammar));
  };
  const read = (metadata: unknown, place: MetadataPlace, path: Path): void => {
    if (metadata !== undefined) hasMetadata(place, path);
  };
  const ends = (call: string, path: Path): void => {
    const kind = endless.get(call);
    if (kind !== undefined) say(path, `\`${call}\` is a ${kind}: whoever makes one is told nothing of it, neither a value nor an end`);
  };

  for (const { action, path } of steps) {
    const at: Path = [...path, action.kind];
    switch (action.kind) {
      case 'invoke': {
        const { callers = ['client'] } = language;
        const role = servers.has(action.at) ? 'server' : 'client';
        if (!callers.includes(role))
          say([...at, 'at'], `in ${language.title} a ${role} does not call`, `it is the ${callers.join(' and the ')} that calls`);
        if (action.to !== undefined && role === 'client') say([...at, 'to'], 'only a server has connections to choose among');
        if (action.procedureKind !== '' && !Object.hasOwn(language.kinds, action.procedureKind)) {
          const hint = suggestion(action.procedureKind, Object.keys(language.kinds), 'kinds');
          say([...at, 'kind'], `${language.title} has no calls of the kind \`${action.procedureKind}\``, hint);
        }
        if (action.procedure === undefined && language.namePair !== undefined) say(at, 'missing key `procedure`');
        else if (action.procedure === undefined && action.procedureKind === '') {
          say(at, 'a call that names no procedure says its `kind`', suggestion('', Object.keys(language.kinds), 'kinds'));
        }
        if (action.procedure !== undefined && language.namePair !== undefined && !action.procedure.includes('.')) {
          say([...at, 'procedure'], 'a procedure is written service.procedure');
        }
        if (action.endless) endless.set(action.call, action.procedureKind);
        if (action.credit !== undefined) credit(action.credit, [...at, 'credit']);
        written(action.metadata, 'start', at);
        break;
      }
      case 'broker':
        if (language.broker === undefined) say(at, `no broker stands between the ends of ${language.title}`, 'leave the step out');
        break;
      case 'toxic':
        if (language.broker === undefined && action.toxic.kind !== 'remove' && whose(action.toxic) !== undefined)
          say(at, `no broker stands between the ends of ${language.title}: its toxics act on all connections`, 'leave `of` out');
        if (steps.some(({ action: other }) => other.kind === 'broker' && 'happens' in other && MOVES.has(other.happens)))
          say(at, 'a broker that was restarted is elsewhere, and toxics lie before the place where it was', 'make two cases of it');
        break;
      case 'serve':
      case 'stop':
        if (language.manyServers !== true)
          say(at, `a case of ${language.title} has one server`, 'it is there without a step, and set up by `server`');
        break;
      case 'send':
        written(action.metadata, 'value', at);
        break;
      case 'finish':
        written(action.metadata, 'end', at);
        written(action.error?.metadata, 'error', [...at, 'error']);
        break;
      case 'credit':
        credit(action.n, at);
        break;
      case 'start':
        ends(action.call, [...at, 'of']);
        hasMetadata('answer', at);
        break;
      case 'receive':
        ends(action.call, [...at, 'from']);
        read(action.metadata, 'value', at);
        read(action.error?.metadata, 'error', [...at, 'error']);
        break;
      case 'end':
        ends(action.call, at);
        read(action.metadata, 'end', at);
        read(action.error?.metadata, 'error', [...at, 'error']);
        break;
      default:
    }
  }
  return problems;
}
