import type { Outages } from '../../protocols/common/broker.ts';
import type { Outage } from '../cases/step.ts';
import type { WireRecorder } from './recorder.ts';
import type { BrokerAtHand, Setting } from './world.ts';

/** The `outage` of a broker that a run has for itself: recorded as a fault, carried out. Rejects where other runs have it, too. */
export function outageOf({ ownBroker }: Setting, outages: Outages | undefined, recorder: WireRecorder): BrokerAtHand['outage'] {
  return async (what) => {
    if (ownBroker !== true || outages === undefined) throw new Error('a broker of its own was not asked for when the stage was set');
    recorder.fault(undefined, `broker: ${what}`);
    await carryOut(outages, what);
  };
}

async function carryOut(outages: Outages, what: Outage): Promise<void> {
  switch (what) {
    case 'down':
      return outages.down();
    case 'up':
      return outages.up();
    case 'restart':
      await outages.down();
      return outages.up();
    case 'freeze':
      return outages.freeze();
    case 'thaw':
      return outages.thaw();
  }
}
