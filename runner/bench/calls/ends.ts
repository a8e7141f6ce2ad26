import { join } from 'node:path';
import type { PeerEvents } from '../../../protocols/common/control.ts';
import type { Corpus } from '../../cases/case.ts';
import { loadCorpus } from '../../cases/load.ts';
import { packageRoot } from '../../package-root.ts';
import { type ProtocolEntry, protocolEntry } from '../../registry.ts';

/** Under which all names of these calls stand on a broker, told apart by the way that leads to it. */
export const SPACE = 'weir-bench';

/** A protocol with its services and no case. */
export async function loadServices(name: string): Promise<{ readonly entry: ProtocolEntry; readonly corpus: Corpus }> {
  const entry = protocolEntry(name);
  const language = await entry.protocol();
  return { entry, corpus: loadCorpus({ folder: join(packageRoot(), 'cases', name), language, only: () => false }) };
}

/** Hears what an end says; nothing where it is not said. */
export function hearing(heard: Partial<PeerEvents> = {}): PeerEvents {
  const nothing = (): void => {};
  return { start: nothing, message: nothing, end: nothing, status: nothing, handler: nothing, log: nothing, ...heard };
}
