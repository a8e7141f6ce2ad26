import type { Carrier } from '../../../protocols/common/carrier.ts';
import { MAIN } from '../../../protocols/common/instance.ts';
import type { Address, ToxicNetwork } from '../../toxics/network.ts';
import { EVERYBODY, Stretches } from '../../toxics/stretches.ts';
import type { Setting } from '../world.ts';
import { startRelay } from './relay.ts';
import { listening, startClient, startServers } from './run-ends.ts';
import { serverAddress } from './server-address.ts';
import { type Backstage, dialerTo, networkFor, relayOptions, type Staged, stageOf } from './staging.ts';

/** How long the end of a process may take to be heard of, in wall-clock ms. */
const GRACE_MS = 250;

/** Sets the stage where clients dial servers, through the relay. */
export async function setDirectStage(setting: Setting, backstage: Backstage, allowRemote: boolean): Promise<Staged> {
  const { carrier, clock, endings } = backstage;
  const servers = await startServers(setting, backstage, undefined);
  const serverUrl = await listening(servers, { server: MAIN, ...setting.serve });
  const address = addressOf(serverUrl, carrier, setting.server, allowRemote);
  const network = await networkFor(setting, address, backstage);
  const toxics = network && new Stretches<ToxicNetwork>();
  if (network !== undefined) await toxics?.join(EVERYBODY, network);
  const relay = await startRelay({
    ...relayOptions(setting, backstage),
    upstream: { ...(network?.address ?? address), authority: new URL(serverUrl).host },
    // What stands between may be down on purpose.
    ...(network === undefined && {
      unreachable(failure: string) {
        // Where it is not there because its process has just ended, that end is the news.
        clock.after(GRACE_MS, () => {
          if (!endings.begun()) accuse(setting.server, `nothing listens at ${serverUrl} (${failure})`);
        });
      },
    }),
  });
  endings.add(() => relay.close());
  const url = relayedUrl(serverUrl, relay.address);
  const client = await startClient(setting, clock, dialerTo(url, backstage), endings);
  return stageOf(
    setting,
    backstage,
    { servers, client, relay, toxics },
    {
      url,
      async serve(params) {
        const at = await listening(servers, params);
        const upstream = { ...addressOf(at, carrier, setting.server, allowRemote), authority: new URL(at).host };
        return { url: relayedUrl(at, await relay.listen(upstream, params.server)) };
      },
    },
  );
}

/** The error of a server that is not where it said. */
function accuse(server: Setting['server'], reason: string): Error {
  return (server.kind === 'implementation' ? server.accuse?.('serve', reason) : undefined) ?? new Error(reason);
}

function addressOf(url: string, carrier: Carrier, server: Setting['server'], allowRemote: boolean): Address {
  const read = serverAddress(url, carrier, allowRemote);
  if (!read.ok) throw accuse(server, read.why);
  return read.address;
}

function relayedUrl(serverUrl: string, { host, port }: Address): string {
  const url = new URL(serverUrl);
  url.hostname = host;
  url.port = String(port);
  return url.href;
}
