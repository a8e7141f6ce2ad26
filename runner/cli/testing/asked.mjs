// The built command line, asked one thing after another in one process: node asked.mjs <main.js>, over IPC. Each message has the words
// of a command, the folder where it is given and variables of its environment, each answer what it wrote and its exit code. What a process takes with it as it
// ends (listeners, what waits for its exit, the exit code) is taken away in between.
import { setImmediate as turn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const main = pathToFileURL(process.argv[2]).href;
const { stdout, stderr } = process;
const emitters = [process, stdout, stderr];
const own = { exit: process.exit, stdout: stdout.write, stderr: stderr.write, argv: process.argv, env: { ...process.env } };
process.on('message', async (question) => process.send(await ask(question)));
process.on('disconnect', () => own.exit());
const stay = emitters.map((emitter) => new Map(emitter.eventNames().map((name) => [name, emitter.rawListeners(name)])));

/** The command under way: its number, and what is done when it ends. */
let current;
let asked = 0;

// A command may end the process from anywhere, and its last timer does so long after it.
process.exit = (code = process.exitCode) => {
  const [, of] = /\?asked=(\d+)/.exec(new Error().stack ?? '') ?? [];
  if (current === undefined || current.isOver || (of !== undefined && Number(of) !== current.number)) return;
  current.isOver = true;
  current.end(code ?? 0);
  throw new Error('nothing more is done');
};

/** Takes away the listeners that came since the start, after they heard of the exit. */
function leave(exitCode) {
  for (const [i, emitter] of emitters.entries()) {
    for (const name of emitter.eventNames()) {
      for (const listener of emitter.rawListeners(name)) {
        if (stay[i].get(name)?.includes(listener)) continue;
        emitter.off(name, listener);
        if (emitter === process && name === 'exit') listener.call(process, exitCode);
      }
    }
  }
}

/** Keeps what is written instead of writing it, until the command is over. */
function keepWrites(stream, command) {
  const chunks = [];
  stream.write = (chunk, encoding, told) => {
    if (!command.isOver) chunks.push(Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8'));
    const done = typeof encoding === 'function' ? encoding : told;
    if (done !== undefined) process.nextTick(done);
    return true;
  };
  return () => Buffer.concat(chunks).toString();
}

async function ask({ words, cwd, env }) {
  asked += 1;
  const command = { number: asked, isOver: false };
  const ended = new Promise((resolve) => {
    command.end = resolve;
  });
  const written = [stdout, stderr].map((stream) => keepWrites(stream, command));
  Object.assign(process.env, env);
  process.chdir(cwd);
  process.argv = [process.argv[0], main, ...words];
  process.exitCode = undefined;
  current = command;
  import(`${main}?asked=${asked}`).then(
    () => command.end(process.exitCode ?? 0),
    (error) => command.isOver || process.emit('uncaughtException', error),
  );
  const exitCode = await ended;
  command.isOver = true;
  // What was thrown in place of the end goes its way.
  await turn();
  await turn();
  current = undefined;
  leave(exitCode);
  process.exitCode = undefined;
  process.argv = own.argv;
  stdout.write = own.stdout;
  stderr.write = own.stderr;
  for (const name of Object.keys(process.env)) if (!Object.hasOwn(own.env, name)) delete process.env[name];
  Object.assign(process.env, own.env);
  return { exitCode, stdout: written[0](), stderr: written[1]() };
}
