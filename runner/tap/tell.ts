import type pc from 'picocolors';
import type { Party } from '../../protocols/common/frame.ts';
import { type Instance, MAIN } from '../../protocols/common/instance.ts';
import { oneLine } from '../../protocols/common/plain.ts';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { Requirement } from '../../protocols/common/requirement.ts';
import type { DeliveredEvent, SentEvent, TraceEvent } from '../../protocols/common/trace.ts';
import type { Masker } from '../masking/masker.ts';
import { frameSummary } from '../results/trace-record.ts';
import type { Breach, Gravity } from './watch.ts';

/** What telling takes beside the events. */
export interface Telling {
  readonly protocol: Protocol;
  readonly masker: Masker;
  readonly colours: ReturnType<typeof pc.createColors>;
  /** Width of a line; a longer summary is cut in the middle. */
  readonly columns: number;
  readonly requirementOf: (id: string) => Requirement | undefined;
  /** Who dialled a connection to the broker between the ends; undefined where clients dial a server. */
  readonly diallerOf: (connection: number) => Instance | undefined;
}

/** Times that a broken rule is told in full, and in one line each; after that it is only counted. */
const TOLD_IN_FULL = 1;
const TOLD_AT_ALL = 5;

/** Columns before a summary: time, connection, way. */
const BEFORE = 24;

/** An event as a line for a person; undefined where it says nothing that another line does not. */
export function eventLine(event: TraceEvent, telling: Telling): string | undefined {
  const { colours, masker } = telling;
  const line = (connection: number | undefined, text: string): string => {
    const where = connection === undefined ? '' : `#${connection}`;
    return `${colours.dim(`${time(event.t)} ${where.padStart(4)}`)} ${text}\n`;
  };
  switch (event.type) {
    case 'opened':
      return line(
        event.connection,
        colours.dim(`connection opened${event.dialler === undefined ? '' : ` by ${diallerName(event.dialler)}`}`),
      );
    case 'closed':
      return line(event.connection, colours.dim(`connection ended by the ${event.by} (${howOf(event)})`));
    case 'sent':
      return line(event.connection, arrow(event, telling));
    case 'delivered':
      return event.of !== undefined && !event.altered ? undefined : line(event.connection, arrow(event, telling));
    case 'fault':
      return line(event.connection, colours.magenta(`fault: ${oneLine(masker.words(event.what))}`));
    case 'carrier':
    case 'application':
    case 'step':
      return undefined;
  }
}

/** What a tap calls who dials: the first of a role by that, for strangers have no handles. */
export function diallerName({ role, instance }: Instance): string {
  return instance === MAIN ? role : instance;
}

const LETTERS: Readonly<Record<Party, string>> = { client: 'C', server: 'S', broker: 'B' };

/** Whom a frame of that sender reaches on that connection. */
function otherEnd({ from, connection }: SentEvent, { diallerOf }: Telling): Party {
  const dialler = diallerOf(connection);
  if (dialler === undefined) return from === 'client' ? 'server' : 'client';
  return from === 'broker' ? dialler.role : 'broker';
}

function arrow(event: SentEvent | DeliveredEvent, telling: Telling): string {
  const { protocol, masker, colours, columns } = telling;
  const { frame, decoded } = event;
  const summary = middle(oneLine(frameSummary(frame, decoded, { protocol, masker })), Math.max(40, columns - BEFORE));
  const broken = decoded?.ok === false;
  if (event.type === 'sent') {
    const paint = { client: colours.cyan, server: colours.green, broker: colours.blue }[event.from];
    const way = paint(`${LETTERS[event.from]}→${LETTERS[otherEnd(event, telling)]}`);
    return `${way}  ${broken ? colours.yellow(summary) : summary}`;
  }
  const what = event.of === undefined ? 'injected' : 'altered';
  return `${colours.magenta(`→${LETTERS[event.to]} `)}  ${summary} ${colours.magenta(`(${what})`)}`;
}

/** A broken rule for a person: in full the first time, then shorter, then not at all. */
export function breachLines(breach: Breach, { colours, masker, columns, requirementOf }: Telling): string {
  const { requirement, blame, message, level, gravity, times } = breach;
  if (times > TOLD_AT_ALL) return '';
  const paint = paintOf(gravity, colours);
  const rule = requirement === undefined ? 'the rules of the carrier' : requirement;
  const again = times === 1 ? '' : times === TOLD_AT_ALL ? ` (${times} times; from now on only counted)` : ` (${times} times)`;
  const head = `${paint(`${MARKS[gravity]} the ${blame} ${gravity === 'question' ? 'may break' : 'breaks'} ${rule}`)} ${colours.dim(level)}${again}`;
  const said = oneLine(masker.words(message));
  const indent = ' '.repeat(BEFORE - 9);
  const lines = [`${indent}${head}: ${said}`];
  const known = requirement === undefined ? undefined : requirementOf(requirement);
  if (times <= TOLD_IN_FULL && known !== undefined) {
    lines.push(...wrapped(known.text, Math.max(40, columns - BEFORE)).map((text) => `${indent}  ${colours.dim(text)}`));
    const { disputed } = known;
    if (gravity === 'question' && disputed !== undefined)
      for (const text of [`the specification: ${disputed.spec}`, `the official implementation: ${disputed.official}`])
        lines.push(...wrapped(text, Math.max(40, columns - BEFORE)).map((part) => `${indent}  ${colours.dim(part)}`));
  }
  return `${lines.join('\n')}\n`;
}

/** Shapes of what a broken rule amounts to, as the pages have them. */
export const MARKS: Readonly<Record<Gravity, string>> = { fail: '✕', warn: '▲', question: '?' };

/** The colour of it. */
export function paintOf(gravity: Gravity, { red, yellow, cyan }: ReturnType<typeof pc.createColors>): (text: string) => string {
  return { fail: red, warn: yellow, question: cyan }[gravity];
}

/** `12.345`, s since the tap began. */
function time(ms: number): string {
  return (ms / 1000).toFixed(3).padStart(9);
}

function howOf({ how, code }: { readonly how: string; readonly code: number | undefined }): string {
  return code === undefined ? how : `${how} ${code}`;
}

/** A text cut in its middle. */
function middle(text: string, most: number): string {
  if (text.length <= most) return text;
  const head = Math.ceil((most - 1) * 0.6);
  return `${text.slice(0, head)}…${text.slice(text.length - (most - 1 - head))}`;
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
