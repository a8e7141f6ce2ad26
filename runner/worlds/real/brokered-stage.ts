import { randomBytes } from 'node:crypto';
import type { RunningBroker } from '../../../protocols/common/broker.ts';
import type { ServeParams } from '../../../protocols/common/control.ts';
import { type Instance, instanceName, MAIN } from '../../../protocols/common/instance.ts';
import type { Address, ToxicNetwork } from '../../toxics/network.ts';
import { Stretches } from '../../toxics/stretches.ts';
import { outageOf } from '../outages.ts';
import type { Setting } from '../world.ts';
import { startRelay } from './relay.ts';
import { startClient, startServers } from './run-ends.ts';
import { type Backstage, dialerTo, networkFor, relayOptions, type Staged, stageOf } from './staging.ts';

/** Sets the stage where both ends dial a broker that other runs share, each instance by an address of its own. */
export async function setBrokeredStage(setting: Setting, broker: RunningBroker, backstage: Backstage): Promise<Staged> {
  const { carrier, clock, endings, recorder } = backstage;
  const space = `weir-${process.pid}-${randomBytes(6).toString('hex')}`;
  const address = broker.where();
  if (address === undefined) throw new Error('the broker is down before the run begins');
  const toxics = setting.toxics === true ? new Stretches<ToxicNetwork>() : undefined;
  const relay = await startRelay({ ...relayOptions(setting, backstage), upstream: address });
  const at = ({ host, port }: Address): string => `${carrier.scheme}://${host}:${port}`;
  const ways = new Map<string, Promise<string>>();
  const openWay = async (dialler: Instance): Promise<string> => {
    const network = await networkFor(setting, address, backstage);
    if (network !== undefined) await toxics?.join(instanceName(dialler), network);
    return at(await relay.listenFor(dialler, () => network?.address ?? broker.where()));
  };
  const wayOf = (dialler: Instance): Promise<string> => {
    const key = `${dialler.role} ${dialler.instance}`;
    const way = ways.get(key) ?? openWay(dialler);
    ways.set(key, way);
    return way;
  };
  const dialer = dialerTo(at(relay.address), backstage);
  endings.add(dialer.close);
  // What the run has left on the broker goes once nobody writes any more.
  endings.add(async () => {
    await relay.close();
    if (setting.ownBroker !== true) await broker.clear(space);
  });
  const servers = await startServers(setting, backstage, dialer);
  const serve = async (params: ServeParams): Promise<object> => {
    await servers.serve({ ...params, url: await wayOf({ role: 'server', instance: params.server }), space });
    return {};
  };
  if (setting.unserved !== true) await serve({ server: MAIN, ...setting.serve });
  const client = await startClient(setting, clock, dialer, endings);
  return stageOf(
    setting,
    backstage,
    { servers, client, relay, toxics },
    {
      url: '',
      broker: { space, address: wayOf, ask: (command) => broker.ask(command), outage: outageOf(setting, broker.outages, recorder) },
      serve,
    },
  );
}
