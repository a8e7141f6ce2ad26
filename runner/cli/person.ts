import { createInterface } from 'node:readline';
import pc from 'picocolors';
import type { Calling, ClientPeer, ServerPeer } from '../../protocols/common/control.ts';
import { peerOf, type Role } from '../../protocols/common/frame.ts';
import { plain } from '../../protocols/common/plain.ts';
import type { TraceEvent } from '../../protocols/common/trace.ts';
import { toTagged } from '../../protocols/common/value.ts';
import type { Step } from '../cases/step.ts';
import type { StandIn } from '../execute/stand-in.ts';
import { frameSummary, type Recording } from '../results/trace-record.ts';
import { awaitEnding } from './interrupt.ts';

/** The one who drives the implementation: goes on with Enter, leaves with Ctrl-C. */
export interface Person {
  /** Settles when they leave. */
  readonly left: Promise<unknown>;
  isGone(): boolean;
  /** Set once the ends are made. */
  standIn: StandIn | undefined;
  close(): void;
}

/** Listens to who sits at the terminal of `host`. */
export function personAt(host: NodeJS.Process): Person {
  let gone = false;
  const left = awaitEnding(host).over.then(() => {
    gone = true;
  });
  const keys = createInterface({ input: host.stdin });
  const person: Person = { left, isGone: () => gone, standIn: undefined, close: () => keys.close() };
  keys.on('line', () => {
    if (person.standIn?.skip() === false) say('there is nothing left that the application could still be told before the step to hold at');
  });
  return person;
}

/** The calls of a person's end. */
function instructedCalls(now: (text: string) => Promise<void>): Required<Calling> {
  const beside = (metadata: unknown): string => (metadata === undefined ? '' : `, metadata ${json(metadata)}`);
  return {
    invoke: ({ at, call, to, service, procedure, kind, value, metadata, credit }) =>
      now(
        `client ${at}: invoke ${[service, procedure].filter((part) => part !== undefined).join('.')} (${kind})` +
          `${to === undefined ? '' : ` on connection ${to}`}${value === undefined ? '' : ` with ${json(value)}`}${beside(metadata)}` +
          `${credit === undefined ? '' : `, credit ${credit}`}; here it is called ${call}`,
      ),
    send: ({ call, value, metadata }) => now(`${call}: write the request ${json(value)}${beside(metadata)}`),
    credit: ({ call, n }) => now(`${call}: take ${n} more`),
    finish: ({ call, metadata, error }) =>
      now(`${call}: close the request side${error === undefined ? '' : ` with the error ${json(error)}`}${beside(metadata)}`),
    cancel: ({ call }) => now(`${call}: cancel it`),
  };
}

function json(value: unknown): string {
  return JSON.stringify(toTagged(value));
}

/** A client that a person drives: says what to do. */
export function instructedClient(person: Person): ClientPeer {
  const now = async (text: string): Promise<void> => {
    if (!person.isGone()) process.stdout.write(`${pc.bold('»')} ${plain(text)}\n`);
  };
  return {
    connect: ({ client, url, clientId, serverId, binding, metadata, options, eager }) =>
      now(
        `client ${client}: dial ${url} as ${JSON.stringify(clientId)}, server ${JSON.stringify(serverId)}, binding ${binding}` +
          `${metadata === undefined ? '' : `, metadata ${json(metadata)}`}${Object.keys(options).length === 0 ? '' : `, options ${json(options)}`}` +
          `${eager ? '; at once' : '; at the first call'}`,
      ),
    ...instructedCalls(now),
    disconnect: ({ client }) => now(`client ${client}: close it`),
  };
}

/** A server that is there already. */
export function givenServer(url: string): ServerPeer {
  return { serve: async () => ({ url }), stop: async () => undefined };
}

/** Tells an event as it comes. `steps` are those that are played. */
export function show(event: TraceEvent, recording: Pick<Recording, 'protocol' | 'masker'>, steps: readonly Step[]): void {
  const at = String(Math.round(event.t)).padStart(7);
  const line = (text: string): boolean => process.stdout.write(`${pc.dim(at)} ${plain(text)}\n`);
  switch (event.type) {
    case 'sent':
      line(`${event.from === 'client' ? 'C→S' : 'S→C'} ${event.connection} ${frameSummary(event.frame, event.decoded, recording)}`);
      break;
    case 'delivered':
      if (event.altered || event.of === undefined) {
        line(
          `${event.to === 'client' ? '→C ' : '→S '} ${event.connection} altered: ${frameSummary(event.frame, event.decoded, recording)}`,
        );
      }
      break;
    case 'opened':
      line(`connection ${event.connection} opened`);
      break;
    case 'closed':
      line(`connection ${event.connection} ended by the ${event.by} (${event.how}${event.code === undefined ? '' : ` ${event.code}`})`);
      break;
    case 'fault':
      line(`fault: ${event.what}`);
      break;
    case 'step': {
      const step = steps[event.step];
      if (step !== undefined && event.phase === 'begin') process.stdout.write(`${pc.bold(`step ${event.step + 1}`)} ${plain(step.text)}\n`);
      break;
    }
    case 'application':
      break;
  }
}

/** Tells that the case is held, before `next` or after its last step. */
export function sayHeld(next: Step | undefined, role: Role): void {
  say(next === undefined ? 'held after the last step' : `held before step ${next.index + 1}: ${next.text}`);
  say(`the reference ${peerOf(role)} stays as it is; Ctrl-C ends and judges what was seen`);
}

/** Says something that is neither a frame nor an instruction. */
export function say(text: string): void {
  process.stdout.write(`${pc.dim('·')} ${plain(text)}\n`);
}
