import { bindingOf as carried } from '../../../../protocols/common/binding.ts';
import type { Carrier } from '../../../../protocols/common/carrier.ts';
import { type Instance, MAIN } from '../../../../protocols/common/instance.ts';
import type { Protocol } from '../../../../protocols/common/protocol.ts';
import { suggestion } from '../../../cases/suggest.ts';
import { unfit, unfitSays } from '../../../faults/fitness.ts';
import { LONGEST_TIMER_MS } from '../../../longest-timer.ts';
import { readFault, type TypedFault } from '../../../tap/faults.ts';
import type { Selection } from '../../../tap/selection.ts';
import { diallerName } from '../../../tap/tell.ts';
import { noSuchKind, readTyped } from '../../../tap/typed.ts';
import { serverAddress } from '../../../worlds/real/server-address.ts';
import { asUsage, UsageError } from '../../exit.ts';
import type { TapOptions } from './options.ts';

/** Who dials where a broker stands between the ends. What each is to the others is told by where it dials. */
export function diallersOf(protocol: Protocol, { clients, servers }: TapOptions): Instance[] {
  if (protocol.broker === undefined) {
    if (clients === undefined && servers === undefined) return [];
    throw new UsageError(
      `--clients and --servers are for protocols whose ends dial a broker; in ${protocol.title} clients dial the server`,
    );
  }
  const named = (role: Instance['role'], count: number): Instance[] =>
    Array.from({ length: count }, (_, i) => ({ role, instance: i === 0 ? MAIN : `${role}-${i + 1}` }));
  return [...named('client', clients ?? 1), ...named('server', servers ?? 1)];
}

/** What carries the programs' words: the binding says it, or the scheme of where they go. */
export function carrierOf(url: string, protocol: Protocol, binding: string | undefined): Carrier {
  if (binding !== undefined) return carried(protocol, binding).carrier;
  const { scheme } = /^(?<scheme>[a-z][a-z0-9+.-]*):/.exec(url)?.groups ?? {};
  const [first] = protocol.bindings;
  const found = protocol.bindings.find(({ carrier }) => carrier.scheme === scheme) ?? first;
  if (found === undefined) throw new UsageError(`${protocol.title} has no binding`);
  return found.carrier;
}

/** Where the server is. Throws a UsageError where it may not be there. */
export function upstreamOf(url: string, carrier: Carrier, allowRemote: boolean) {
  const read = serverAddress(url, carrier, allowRemote);
  if (!read.ok) throw new UsageError(`--upstream: ${read.why}`);
  return { ...read.address, authority: new URL(url).host };
}

/** A fault of the command line. Throws a UsageError where it is none, or nothing that the carrier can do. */
export function faultOf(text: string, { wirePattern }: Protocol, carrier: Carrier): TypedFault {
  const read = asUsage(() => readFault(text, wirePattern, '--fault'));
  const said = unfit(read.fault, carrier);
  if (said !== undefined) throw new UsageError(`--fault: ${unfitSays(said, carrier)}`);
  return read;
}

/** Which frames are to be told. Throws a UsageError where none could ever be. */
export function selectionOf({ kind = [], stream = [], from, frame }: TapOptions, protocol: Protocol): Selection {
  const { wirePattern, broker, title } = protocol;
  for (const each of kind) {
    const why = noSuchKind(each, wirePattern);
    if (why !== undefined) throw new UsageError(`--kind: ${why}`);
  }
  if (from === 'broker' && broker === undefined) throw new UsageError(`--from: in ${title} no broker stands between client and server`);
  const pattern = frame === undefined ? undefined : asUsage(() => readTyped('--frame', frame, wirePattern));
  return { kinds: kind, streams: stream, from, pattern };
}

/** Timers of the programs, ms. Throws a UsageError where the protocol has none of that name. */
export function timersOf(texts: readonly string[], { timers }: Protocol): Readonly<Record<string, number>> {
  return Object.fromEntries(
    texts.map((text) => {
      const [name = '', value = ''] = text.split('=', 2);
      if (!Object.hasOwn(timers, name))
        throw new UsageError(`--timer: unknown timer \`${name}\`; ${suggestion(name, Object.keys(timers), 'timers')}`);
      if (!(Number(value) > 0 && Number(value) <= LONGEST_TIMER_MS))
        throw new UsageError(`--timer takes name=ms, at most ${LONGEST_TIMER_MS} ms, not ${JSON.stringify(text)}`);
      return [name, Number(value)];
    }),
  );
}

/** The ports of so many that dial a broker, of which the first is told: `ports 4000 to 4003`. */
export function portsOf(first: number, count: number): string {
  return count === 1 ? `port ${first}` : `ports ${first} to ${first + count - 1}`;
}

/** Throws a UsageError where there are not as many ports behind the one that was asked for as it takes. */
export function mustHavePorts(listen: number, diallers: readonly Instance[]): void {
  const last = listen + Math.max(0, diallers.length - 1);
  if (listen === 0 || last <= LAST_PORT) return;
  throw new UsageError(
    `--listen ${listen} takes ${portsOf(listen, diallers.length)}, one for each client and server, and the last there is is ${LAST_PORT}`,
  );
}

/** The error of a tap that cannot listen: which port, whose that would be, and what to do. */
export function cannotTap(listen: number, diallers: readonly Instance[], error: unknown): UsageError {
  const { message, port = listen } = error instanceof Error ? (error as Error & { readonly port?: number }) : { message: String(error) };
  const whose = diallers[port - listen];
  if (listen === 0 || whose === undefined)
    return new UsageError(`cannot listen on port ${port}: ${message}; another --listen, or none, which takes a free one`);
  return new UsageError(
    `cannot listen on port ${port}, which ${diallerName(whose)} would dial: ${message}; --listen ${listen} takes ${portsOf(listen, diallers.length)}, one for each client and server: give it the first of ${diallers.length} free ones, or leave it out, which takes any that are free`,
  );
}

const LAST_PORT = 65_535;
