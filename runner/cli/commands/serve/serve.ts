import { ZodError } from 'zod';
import { bindingNames, bindingOf as carried } from '../../../../protocols/common/binding.ts';
import type { PeerEvents } from '../../../../protocols/common/control.ts';
import { oneLine } from '../../../../protocols/common/plain.ts';
import { acceptOf, type Protocol } from '../../../../protocols/common/protocol.ts';
import { firstIssue } from '../../../bundles/records.ts';
import { suggestion } from '../../../cases/suggest.ts';
import { refuseLogin, refuseOtherAddress } from '../../address.ts';
import { EXIT, UsageError } from '../../exit.ts';
import { awaitEndingOfServer } from '../../interrupt.ts';
import { bindingOf, loadServices } from '../../load.ts';

/** Options of `weir serve`. */
export interface ServeOptions {
  readonly port: number;
  readonly binding?: string;
  readonly serverId: string;
  /** `name=value` each; values are JSON where they can be, else text. */
  readonly option?: string[];
  /** Where the broker is, of protocols whose ends dial one. */
  readonly redisUrl: string;
  /** What all names of the server on it begin with. */
  readonly space: string;
}

/** `weir serve <protocol>`: the reference server on a port of the loopback until it is interrupted. Gives the exit code. */
export async function serveCommand(name: string | undefined, options: ServeOptions): Promise<number> {
  if (name === undefined) throw new UsageError('say which protocol to serve, or which --case to play');
  const { protocol, corpus, entry } = await loadServices(name);
  const binding = bindingOf(options.binding, bindingNames(protocol));
  const [{ startClock }, { linksOf }, { atUsual }, makeServer] = await Promise.all([
    import('../../../worlds/real/clock.ts'),
    import('../../../worlds/real/links.ts'),
    import('../../../worlds/real/listening.ts'),
    entry.makeServer(corpus.services),
  ]);
  const clock = startClock(Date.now() % 0x7fff_ffff);
  const params = {
    server: 'main',
    binding,
    serverId: options.serverId,
    timers: { ...protocol.timers },
    options: Object.fromEntries((options.option ?? []).map((text) => readOption(text, protocol))),
  };
  if (protocol.broker !== undefined) {
    const { redisUrl: url, space } = options;
    refuseOtherAddress('--redis-url', url, [carried(protocol, binding).carrier]);
    refuseLogin('--redis-url', url, protocol.broker);
    const dialer = linksOf(carried(protocol, binding).carrier).dialer(url, ({ text }) =>
      process.stderr.write(`the broker ${oneLine(text)}\n`),
    );
    const server = makeServer(clock, printing(), dialer.dial);
    await serving(async () => server.serve({ ...params, url, space }));
    const { over: ended } = awaitEndingOfServer(process);
    process.stdout.write(
      `${protocol.title} reference server ${options.serverId}, binding ${binding}, by ${oneLine(url)} under ${space}; Ctrl-C ends it\n`,
    );
    await ended;
    await server.stop({ server: 'main' });
    await dialer.close();
    clock.stop();
    return EXIT.ok;
  }
  const server = makeServer(clock, printing());
  const accept = await serving(async () => acceptOf(server.serve(params)));
  const listener = await linksOf(carried(protocol, binding).carrier)
    .listen(accept, atUsual(options.port))
    .catch((error: unknown) => {
      throw cannotListen(options.port, error);
    });
  // Who reads that it is up may end it at once.
  const { over: ended } = awaitEndingOfServer(process);
  process.stdout.write(`${protocol.title} reference server ${options.serverId}, binding ${binding}, on ${listener.url}; Ctrl-C ends it\n`);
  await ended;
  await server.stop({ server: 'main' });
  await listener.close();
  clock.stop();
  return EXIT.ok;
}

/** The error of a port that cannot be had. */
export function cannotListen(port: number, error: unknown): UsageError {
  return new UsageError(
    `cannot listen on port ${port}: ${error instanceof Error ? error.message : String(error)}; another --port, or none, which takes a free one`,
  );
}

/** A server refuses options that it does not know, and says what it misses of a broker. */
async function serving<T>(start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    if (error instanceof ZodError) throw new UsageError(`--option: ${firstIssue(error)}`);
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function readOption(text: string, { title, adapterWords }: Pick<Protocol, 'title' | 'adapterWords'>): [string, unknown] {
  const equals = text.indexOf('=');
  if (equals < 1) throw new UsageError(`--option takes name=value, not ${JSON.stringify(text)}`);
  const name = text.slice(0, equals);
  const known = Object.entries(adapterWords.options).flatMap(([option, { role }]) => (role === 'client' ? [] : [option]));
  if (!known.includes(name))
    throw new UsageError(`--option: a server of ${title} has no option ${JSON.stringify(name)}; ${suggestion(name, known, 'options')}`);
  const value = text.slice(equals + 1);
  try {
    return [name, JSON.parse(value)];
  } catch {
    return [name, value];
  }
}

/** Prints what the server's sessions and handlers see. */
function printing(): PeerEvents {
  const print = (text: string): void => {
    process.stdout.write(`${oneLine(text)}\n`);
  };
  return {
    start: () => undefined,
    message: () => undefined,
    end: () => undefined,
    status: ({ status, detail }) => print(`session ${status}${detail === undefined ? '' : `: ${detail}`}`),
    handler: ({ service, procedure, run, event }) =>
      print(`${[service, procedure].filter((part) => part !== undefined).join('.') || 'handler'} #${run} ${event}`),
    log: ({ message }) => print(message),
  };
}
