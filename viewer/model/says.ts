import type { TraceRecordRead } from '../../runner/bundles/records.ts';
import type { Row } from './ladder.ts';
import { NOTHING } from './nothing.ts';

type Happening = Extract<TraceRecordRead, { readonly type: 'application' }>['event'];

/** What an application did or was told, in one line. */
export function happeningSays(event: Happening): string {
  switch (event.kind) {
    case 'connect':
    case 'serve':
    case 'stop':
    case 'disconnect':
      return event.kind;
    case 'invoke':
      return `${['invoke', event.procedure].filter(Boolean).join(' ')} as ${event.call}${said(event.value)}${beside(event)}`;
    case 'send':
      return `${event.call}: send ${json(event.value)}${beside(event)}`;
    case 'credit':
      return `${event.call}: take ${event.n} more`;
    case 'finish': {
      const how = event.error === undefined ? '' : ` with error ${event.error.code}: ${event.error.message}`;
      return `${event.call}: close the request side${how}${beside(event)}`;
    }
    case 'cancel':
      return `${event.call}: cancel`;
    case 'message': {
      const { result } = event;
      return result.ok
        ? `${event.call} reads ${json(result.value)}${beside(result)}`
        : `${event.call} reads error ${result.error.code}: ${result.error.message}${beside(result.error)}`;
    }
    case 'start':
      return `${event.call} begins to be answered${beside(event)}`;
    case 'end':
      return `${event.call} ends${beside(event)}`;
    case 'status':
      return `status ${event.status}${typeof event.detail === 'string' ? ` ${event.detail}` : ''}`;
    case 'handler': {
      const value = isUndefined(event.value) ? '' : said(event.value);
      return `${['handler', event.procedure, event.event].filter(Boolean).join(' ')}${value}${beside(event)}`;
    }
  }
}

/** How a connection ended, in words. */
export function endSays({ by, how, code }: Extract<Row, { readonly kind: 'closed' }>): string {
  const way =
    how === 'close'
      ? `close frame${code === undefined ? ' without code' : ` ${code}`}`
      : how === 'fin'
        ? 'end of stream, no close frame'
        : 'reset';
  return `ended by the ${by}: ${way}`;
}

/** What a row says to somebody who does not see it. */
export function rowSays(row: Row): string {
  switch (row.kind) {
    case 'frame': {
      const { from, summary = '' } = row.record;
      const fate = { delivered: 'delivered', altered: 'delivered altered by a fault', dropped: 'not delivered', bent: 'delivered later' }[
        row.fate
      ];
      return `${from} to ${row.way.other}, ${summary}, ${fate}`;
    }
    case 'arrival': {
      const { to, summary = '', altered } = row.record;
      const what =
        row.sent === undefined ? 'injected by a fault' : row.again ? 'delivered once more' : altered ? 'arrives altered' : 'arrives';
      return `proxy to ${to}, ${summary}, ${what}`;
    }
    case 'opened':
      return `connection ${row.connection} opened`;
    case 'closed':
      return `connection ${row.connection} ${endSays(row)}`;
    case 'fault':
      return `fault: ${row.what}`;
    case 'application':
      return `${row.record.role} application, ${happeningSays(row.record.event)}`;
    case 'step':
      return `step ${row.step + 1}`;
    case 'gap':
      return `${Math.round(row.ms)} ms nothing`;
    case 'closing':
      return 'Weir takes everything down';
  }
}

/** A summary without its kind, which stands before it as a tag. */
export function withoutKind(summary: string, kind: string | undefined): string {
  if (kind === undefined) return summary;
  const words = summary.split(' ');
  // A kind may be of several words: `XGROUP CREATE`.
  const own = kind.split(' ');
  const at = words.findIndex((_, i) => own.every((word, j) => words[i + j] === word));
  return at < 0 || at > 2 ? summary : [...words.slice(0, at), ...words.slice(at + own.length)].join(' ');
}

/** A tagged value in one line; what is not there in a word. */
export function json(value: unknown): string {
  return value === undefined || isUndefined(value) ? NOTHING : JSON.stringify(value);
}

function said(value: unknown): string {
  return value === undefined ? '' : ` ${json(value)}`;
}

function beside({ metadata }: { readonly metadata?: unknown }): string {
  return metadata === undefined ? '' : ` beside metadata ${json(metadata)}`;
}

function isUndefined(value: unknown): boolean {
  return typeof value === 'object' && value !== null && '$undefined' in value;
}
