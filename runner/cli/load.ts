import { join } from 'node:path';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { Corpus } from '../cases/case.ts';
import { loadCorpus } from '../cases/load.ts';
import { packageRoot } from '../package-root.ts';
import { type ProtocolEntry, protocolEntry, registry } from '../registry.ts';
import { UsageError } from './exit.ts';

/** A protocol with its corpus, loaded. */
export interface Loaded {
  readonly entry: ProtocolEntry;
  readonly protocol: Protocol;
  readonly corpus: Corpus;
}

/** Loads a protocol and its corpus; the default protocol is the first of the registry. Throws a `UsageError` for an unknown one. */
export async function loadProtocol(name: string = Object.keys(registry)[0] ?? '', only?: (id: string) => boolean): Promise<Loaded> {
  const entry = entryOf(name);
  const protocol = await entry.protocol();
  const corpus = loadCorpus({ folder: join(packageRoot(), 'cases', name), language: protocol, ...(only === undefined ? {} : { only }) });
  return { entry, protocol, corpus };
}

function entryOf(name: string): ProtocolEntry {
  try {
    return protocolEntry(name);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
