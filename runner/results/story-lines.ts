import { instanceName } from '../../protocols/common/instance.ts';
import { show } from '../../protocols/common/show.ts';
import type { ApplicationHappening, AppResult, TraceEvent } from '../../protocols/common/trace.ts';
import type { LoadedCase } from '../cases/case.ts';
import type { Finding, FrameLine } from './result.ts';
import { frameSummary } from './trace-record.ts';

/** What lines are told with: the protocol's words, secrets masked. */
type Teller = Parameters<typeof frameSummary>[2];

/** What a story shows beside frames. */
export type Beside = 'connections' | 'applications';

/** What the story of a finding has to show beside frames, for a reader to see what it speaks of. */
export function besideFrames(finding: Finding, { steps, expect }: LoadedCase): ReadonlySet<Beside> {
  const beside = new Set<Beside>();
  const action = finding.step === undefined ? undefined : steps[finding.step]?.action;
  const counted = expect.some(({ index, check }) => finding.checkpoint === `expect:${index}` && check.kind === 'connections');
  if (counted || finding.judge === 'carrier' || finding.judge === 'wire') beside.add('connections');
  if (finding.question !== undefined || finding.judge === 'wire' || finding.judge === 'binding') beside.add('applications');
  switch (action?.kind) {
    case 'opened':
    case 'closed':
      beside.add('connections');
      break;
    case 'quiet':
      if (action.noConnection || action.noClose) beside.add('connections');
      if (action.calls.length > 0 || action.noHandler !== undefined) beside.add('applications');
      break;
    case 'start':
    case 'receive':
    case 'end':
    case 'status':
    case 'handler':
      beside.add('applications');
      break;
    default:
  }
  return beside;
}

/** Whether an event has a line in a story that shows `beside`; frames have theirs by what they mean. */
export function hasLine(event: TraceEvent, beside: ReadonlySet<Beside>): boolean {
  switch (event.type) {
    case 'opened':
    case 'closed':
    case 'carrier':
      return beside.has('connections');
    case 'application':
      return beside.has('applications');
    case 'sent':
    case 'delivered':
    case 'fault':
    case 'step':
      return false;
  }
}

/** An event as a line of a story, secrets masked; undefined for what has none. */
export function lineOf(event: TraceEvent, timeScale: number, teller: Teller): FrameLine | undefined {
  const { masker } = teller;
  const at = { n: event.n, t: Math.round(event.t / timeScale) };
  switch (event.type) {
    case 'sent': {
      const { connection, from } = event;
      return { ...at, connection, from, summary: frameSummary(event.frame, event.decoded, teller) };
    }
    case 'opened':
      return {
        ...at,
        what: 'connection',
        connection: event.connection,
        from: event.dialler?.role ?? 'client',
        summary: `connection ${event.connection} opened${event.dialler === undefined ? '' : ` by ${instanceName(event.dialler)}`}`,
      };
    case 'closed': {
      const { connection, by, how, code } = event;
      const way = how === 'close' ? `close${code === undefined ? ' without a code' : ` ${code}`}` : how;
      return { ...at, what: 'connection', connection, from: by, summary: `connection ${connection} ended by the ${by} (${way})` };
    }
    case 'carrier': {
      const { connection, from, problem } = event;
      return {
        ...at,
        what: 'connection',
        connection,
        from,
        summary: `connection ${connection}: the ${from} ${masker.words(problem.text)}`,
      };
    }
    case 'application': {
      const { kind, ...rest } = event.event;
      // What masking gives has the shape of what it was given.
      const happening = { kind, ...(masker.shown(rest, []) as typeof rest) } as ApplicationHappening;
      return { ...at, what: 'application', from: event.role, summary: masker.words(`${event.instance} ${describe(happening)}`) };
    }
    case 'delivered':
    case 'fault':
    case 'step':
      return undefined;
  }
}

function describe(happening: ApplicationHappening): string {
  switch (happening.kind) {
    case 'connect':
    case 'serve':
    case 'stop':
    case 'disconnect':
      return `${happening.kind}s`;
    case 'invoke':
      return `invokes ${happening.call}: ${[happening.procedure, said(happening.value), beside(happening)].filter(Boolean).join(' ')}`;
    case 'send':
      return `sends on ${happening.call}: ${show(happening.value)}${beside(happening)}`;
    case 'credit':
      return `takes ${happening.n} more of ${happening.call}`;
    case 'finish':
      return happening.error === undefined
        ? `finishes ${happening.call}${beside(happening)}`
        : `ends its side of ${happening.call} with ${read({ ok: false, error: happening.error })}`;
    case 'cancel':
      return `cancels ${happening.call}`;
    case 'start':
      return `${happening.call} begins to be answered${beside(happening)}`;
    case 'message':
      return `${happening.call} reads ${read(happening.result)}`;
    case 'end':
      return `${happening.call} ends${beside(happening)}`;
    case 'status':
      return `status ${happening.status}`;
    case 'handler':
      return ['handler', happening.procedure, happening.event, said(happening.value)].filter(Boolean).join(' ') + beside(happening);
  }
}

function read(result: AppResult): string {
  return result.ok
    ? `${show(result.value)}${beside(result)}`
    : `error ${result.error.code} (${result.error.message})${beside(result.error)}`;
}

function said(value: unknown): string {
  return value === undefined ? '' : show(value);
}

function beside({ metadata }: { readonly metadata?: unknown }): string {
  return metadata === undefined ? '' : ` beside metadata ${show(metadata)}`;
}
