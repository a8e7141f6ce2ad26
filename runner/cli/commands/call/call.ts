import { bindingNames, bindingOf as carried } from '../../../../protocols/common/binding.ts';
import type { PeerEvents } from '../../../../protocols/common/control.ts';
import { jsonText, plain } from '../../../../protocols/common/plain.ts';
import type { Protocol } from '../../../../protocols/common/protocol.ts';
import { ownMember, toTagged } from '../../../../protocols/common/value.ts';
import { refuseLogin, refuseOtherAddress } from '../../address.ts';
import { EXIT, UsageError } from '../../exit.ts';
import { bindingOf, loadServices } from '../../load.ts';
import type { SecretOptions } from '../../masked-output.ts';

/** Options of `weir call`. */
export interface CallOptions extends SecretOptions {
  readonly protocol: string;
  readonly url: string;
  readonly procedure: string;
  /** JSON, tagged. */
  readonly init: string;
  readonly binding?: string;
  readonly kind?: string;
  /** JSON each, tagged. */
  readonly request?: string[];
  readonly metadata?: string;
  readonly clientId: string;
  readonly serverId: string;
  /** What all names on a broker begin with. */
  readonly space: string;
  /** ms */
  readonly timeout: number;
}

/** `weir call`: one call with the reference client; prints each answer as a line of JSON. Exit code 1 where it ends with an error. */
export async function callCommand(options: CallOptions): Promise<number> {
  const { protocol, corpus, entry } = await loadServices(options.protocol);
  if (protocol.namePair !== undefined && options.procedure.indexOf('.') < 1)
    throw new UsageError(`a procedure is written service.procedure, not ${JSON.stringify(options.procedure)}`);
  const kind = options.kind ?? ownMember(corpus.procedureKinds, options.procedure) ?? unknownKind(options.procedure);
  refuseOtherAddress(
    'the address',
    options.url,
    protocol.bindings.map(({ carrier }) => carrier),
  );
  if (protocol.broker !== undefined) refuseLogin('the address', options.url, protocol.broker);
  const binding =
    options.binding === undefined ? bindingOfAddress(options.url, protocol) : bindingOf(options.binding, bindingNames(protocol));
  const { carrier } = carried(protocol, binding);
  const value = readJson('init', options.init);
  const requests = (options.request ?? []).map((text) => readJson('--request', text));
  const metadata = options.metadata === undefined ? undefined : readJson('--metadata', options.metadata);
  const [{ startClock }, { linksOf }, makeClient] = await Promise.all([
    import('../../../worlds/real/clock.ts'),
    import('../../../worlds/real/links.ts'),
    entry.makeClient(),
  ]);
  const clock = startClock(Date.now() % 0x7fff_ffff);
  const told = new Set<string>();
  // Told at once, as the cause: what the call reads follows from it.
  const dialer = linksOf(carrier).dialer(options.url, ({ text }) => {
    if (!told.has(text)) process.stderr.write(`the server ${plain(text)}\n`);
    told.add(text);
  });
  const call = 'call';
  let failed = false;
  let connected = false;
  let leave = async (): Promise<void> => {};
  const ended = new Promise<'ended' | 'timeout'>((resolve) => {
    clock.after(options.timeout, () => resolve('timeout'));
    const client = makeClient(
      clock,
      dialer.dial,
      events(
        (ok) => (failed ||= !ok),
        () => resolve('ended'),
        () => {
          connected = true;
        },
      ),
    );
    leave = () => client.disconnect({ client: 'main' });
    void drive(client).catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      failed = true;
      resolve('ended');
    });
  });

  async function drive(client: ReturnType<typeof makeClient>): Promise<void> {
    await client.connect({
      client: 'main',
      url: options.url,
      ...(protocol.broker === undefined ? {} : { space: options.space }),
      binding,
      clientId: options.clientId,
      serverId: options.serverId,
      ...(metadata === undefined ? {} : { metadata: [metadata] }),
      timers: { ...protocol.timers },
      options: {},
      eager: false,
    });
    await client.invoke({
      at: 'main',
      call,
      ...(protocol.namePair?.(options.procedure) ?? { procedure: options.procedure }),
      kind,
      value,
    });
    for (const request of requests) await client.send({ call, value: request });
    await client.finish({ call });
  }

  const outcome = await ended;
  // What it has on a broker goes with it.
  if (protocol.broker !== undefined) await leave();
  await dialer.close();
  clock.stop();
  const others = protocol.bindings.filter((each) => each.name !== binding && each.carrier === carrier).map(({ name }) => name);
  if (failed && !connected && told.size === 0 && others.length > 0) {
    process.stderr.write(`no session came about in ${binding}; where the server speaks ${others.join(' or ')}, --binding says so\n`);
  }
  if (outcome === 'timeout') process.stderr.write(`no end within ${options.timeout} ms\n`);
  return outcome === 'timeout' || failed ? EXIT.findings : EXIT.ok;
}

/** The first binding that is carried by what the address speaks of, or the first at all. */
function bindingOfAddress(url: string, { bindings }: Protocol): string {
  const scheme = new URL(url).protocol.slice(0, -1);
  // What speaks TLS is dialled as the same without.
  const found = bindings.find(({ carrier }) => scheme === carrier.scheme || scheme === `${carrier.scheme}s`) ?? bindings[0];
  return bindingOf(
    found?.name,
    bindings.map(({ name }) => name),
  );
}

function unknownKind(procedure: string): never {
  throw new UsageError(`${procedure} is none of the standard test services; say its kind with --kind`);
}

function readJson(what: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${what} is not JSON: ${text}`);
  }
}

function events(onResult: (ok: boolean) => void, onEnd: () => void, onConnected: () => void): PeerEvents {
  return {
    start: () => undefined,
    message: ({ result }) => {
      onResult(result.ok);
      process.stdout.write(`${jsonText(toTagged(result.ok ? result.value : result))}\n`);
    },
    end: onEnd,
    status: ({ status }) => {
      if (status === 'connected') onConnected();
    },
    handler: () => undefined,
    log: () => undefined,
  };
}
