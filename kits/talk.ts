import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MAX_LINE_BYTES } from '../runner/adapters/json-rpc.ts';
import { createLineSplitter } from '../runner/adapters/line-splitter.ts';
import type { Toy, Words } from './toys.ts';

const testing = fileURLToPath(new URL('testing', import.meta.url));

/** A folder of one test file’s for what toys build; that file takes it away. */
export const scratch = mkdtempSync(join(tmpdir(), 'weir-kits-'));

/** What a toy starts, where, and with a folder of this test's for what it builds. */
function commandOf({ folder = '.' }: Toy, words: Words): { program: string; args: string[]; cwd: string } {
  const [program = '', ...args] = words.map((word) => word.replace('{scratch}', scratch));
  return { program: program === 'node' ? process.execPath : program, args, cwd: join(testing, folder) };
}

/** Runs a command of a toy to its end, and gives what it said. Throws that where it fails. */
export function carriedOut(toy: Toy, words: Words): string {
  const { program, args, cwd } = commandOf(toy, words);
  return execFileSync(program, args, { cwd, encoding: 'utf8' });
}

/** Whether the language of a toy is here. */
export const isHere = ({ needs = [] }: Toy): boolean => needs.every(([program, ...args]) => spawnSync(program, args).status === 0);

/** A message of an adapter. */
export type Message = Readonly<Record<string, unknown>>;

/** A conversation with a running toy. */
export interface Talk {
  /** Sends lines; an object is a message. */
  say(...lines: readonly (string | Buffer | object)[]): void;
  /** The next message. Throws where the adapter ended. */
  next(): Promise<Message>;
  /** Sends lines, of which the last is a request, and gives all that was said until it was answered. */
  ask(...lines: readonly (string | Buffer | object)[]): Promise<readonly unknown[]>;
  /** Ends stdin; gives the exit code, what was still said, and what was said on stderr. */
  end(): Promise<{ code: number | null; rest: readonly Message[]; stderr: string }>;
  kill(): void;
}

/** Lines as the runner reads them. */
async function* linesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const splitter = createLineSplitter(MAX_LINE_BYTES);
  for await (const chunk of stream) {
    for (const event of splitter.push(chunk)) yield event.type === 'line' ? Buffer.from(event.bytes).toString() : event.type;
  }
}

/** Starts a toy. */
export function start(toy: Toy): Talk {
  const { program, args, cwd } = commandOf(toy, toy.start);
  const child = spawn(program, args, { cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const said = linesOf(child.stdout);
  const next = async (): Promise<Message> => {
    const { value, done } = await said.next();
    if (done === true) throw new Error(`the adapter ended: ${stderr}`);
    return JSON.parse(value);
  };
  const say: Talk['say'] = (...lines) => {
    for (const line of lines) {
      child.stdin.write(typeof line === 'object' && !(line instanceof Buffer) ? JSON.stringify({ jsonrpc: '2.0', ...line }) : line);
      child.stdin.write('\n');
    }
  };
  return {
    say,
    next,
    async ask(...lines) {
      say(...lines);
      const heard: Message[] = [];
      do heard.push(await next());
      while (!Object.hasOwn(heard.at(-1) ?? {}, 'id'));
      return heard.map(({ jsonrpc, ...rest }) => (jsonrpc === '2.0' ? rest : { jsonrpc, ...rest }));
    },
    async end() {
      const ended = once(child, 'exit');
      child.stdin.end();
      const rest: Message[] = [];
      for await (const line of said) rest.push(JSON.parse(line));
      const [code] = await ended;
      return { code, rest, stderr };
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
