import { setTimeout as pause } from 'node:timers/promises';
import { MAX_LINE_BYTES } from '../adapters/json-rpc.ts';
import { createLineSplitter, type LineEvent } from '../adapters/line-splitter.ts';
import type { Implementation } from '../adapters/manifest.ts';
import { type ChildProcess, type Exit, startProcess } from '../adapters/process.ts';
import type { Reaper } from '../adapters/reaper.ts';
import { createConnection, type Reply } from '../adapters/rpc-connection.ts';
import { type Waited, wallAfter, within } from '../adapters/within.ts';

/** One line of the conversation, as it was on the wire. */
export interface Line {
  readonly from: 'weir' | 'adapter';
  readonly text: string;
}

/** A running adapter, spoken to line by line, and all that was said. */
export interface Talk {
  readonly implementation: Implementation;
  /** In the order in which it was said; of very long lines the beginning. */
  readonly lines: readonly Line[];
  /** Where the adapter broke the control protocol, in words. */
  readonly problems: readonly string[];
  /** What it told without being asked. */
  readonly told: readonly { readonly method: string; readonly params: unknown }[];
  /** Asks, and waits no longer than `boundMs`; `pieces` writes the line in three parts. */
  ask(method: string, params: unknown, boundMs: number, how?: 'whole' | 'pieces'): Promise<Reply>;
  /** Asks all at once, in one write. */
  askTogether(requests: readonly { readonly method: string; readonly params: unknown }[], boundMs: number): Promise<Reply[]>;
  /** How it ended; undefined while it runs. */
  ended(): Exit | undefined;
  /** Waits for its end. */
  waitForEnd(boundMs: number): Promise<Waited<Exit>>;
  closeInput(): void;
  /** The last of what it said on stderr. */
  stderr(): string;
  /** Ends it, if need be by force; resolves when it is gone. */
  stop(): Promise<void>;
}

/** How much of a line is kept, in characters. */
const KEPT = 2000;

/** Between two parts of a line, in ms. */
const BETWEEN_MS = 5;

/** Longest that each stage of ending the process takes, in ms. */
const STOP_MS = 1000;

/** Starts a process of an implementation. Never rejects: what does not start answers nothing, and `ended` says how. */
export async function startTalk(implementation: Implementation, reaper: Reaper): Promise<Talk> {
  const lines: Line[] = [];
  const problems: string[] = [];
  const told: { method: string; params: unknown }[] = [];
  let exit: Exit | undefined;
  const heard = createLineSplitter(MAX_LINE_BYTES);
  /** Gathers what is asked together; undefined: everything is written as it comes. */
  let gathered: string[] | undefined;
  let how: 'whole' | 'pieces' = 'whole';

  const note = (from: Line['from'], text: string): void => {
    lines.push({ from, text: text.slice(0, KEPT) });
  };
  const hear = (event: LineEvent): void => {
    note('adapter', event.type === 'overlong' ? `(a line longer than ${event.limit} bytes)` : Buffer.from(event.bytes).toString());
  };
  const writeInPieces = async (text: string): Promise<void> => {
    const third = Math.ceil(text.length / 3);
    for (let at = 0; at < text.length; at += third) {
      child.write(text.slice(at, at + third));
      await pause(BETWEEN_MS);
    }
  };
  const connection = createConnection({
    write(text) {
      note('weir', text.trimEnd());
      if (gathered !== undefined) gathered.push(text);
      else if (how === 'pieces') void writeInPieces(text);
      else child.write(text);
    },
    notification: (method, params) => told.push({ method, params }),
    problem: (description) => problems.push(description),
    after: wallAfter,
  });
  const child: ChildProcess = await startProcess({
    command: implementation.command,
    cwd: implementation.cwd,
    env: implementation.env,
    reaper,
    stdout(chunk) {
      for (const event of heard.push(chunk)) hear(event);
      connection.push(chunk);
    },
  });
  const gone = child.exited.then((value) => {
    exit = value;
    for (const event of heard.end()) hear(event);
    connection.end();
    return value;
  });

  return {
    implementation,
    lines,
    problems,
    told,
    ask(method, params, boundMs, way = 'whole') {
      how = way;
      const reply = connection.request(method, params, boundMs);
      how = 'whole';
      return reply;
    },
    askTogether(requests, boundMs) {
      gathered = [];
      const replies = requests.map(({ method, params }) => connection.request(method, params, boundMs));
      const text = gathered.join('');
      gathered = undefined;
      child.write(text);
      return Promise.all(replies);
    },
    ended: () => exit,
    waitForEnd: (boundMs) => within(gone, boundMs),
    closeInput: child.closeInput,
    stderr: () => child.stderr(),
    async stop() {
      await child.stop(STOP_MS);
    },
  };
}
