import { join } from 'node:path';
import type { Protocol } from '../../protocols/common/protocol.ts';
import type { Corpus } from '../cases/case.ts';
import { loadCorpus } from '../cases/load.ts';
import { packageRoot } from '../package-root.ts';
import { idMatcher } from '../plan/select.ts';
import { type ProtocolEntry, protocolEntry, registry } from '../registry.ts';
import { UsageError } from './exit.ts';

/** A protocol with its corpus, loaded. */
export interface Loaded {
  readonly entry: ProtocolEntry;
  readonly protocol: Protocol;
  readonly corpus: Corpus;
}

/**
 * Loads a protocol and its corpus; the default protocol is the first of the registry. With `patterns` only the cases they
 * name are read, unless they name none by id: then all are, for an alias or for suggestions. Throws a `UsageError` for an
 * unknown protocol.
 */
export async function loadProtocol(name: string = Object.keys(registry)[0] ?? '', patterns: readonly string[] = []): Promise<Loaded> {
  const entry = entryOf(name);
  const protocol = await entry.protocol();
  const load = (only?: (id: string) => boolean): Corpus =>
    loadCorpus({ folder: join(packageRoot(), 'cases', name), language: protocol, ...(only === undefined ? {} : { only }) });
  const some = patterns.length === 0 ? undefined : load(idMatcher(protocol.name, patterns));
  return { entry, protocol, corpus: some !== undefined && some.cases.length > 0 ? some : load() };
}

/** Loads a protocol without its cases: for peers that run on their own. */
export async function loadServices(name: string): Promise<Loaded> {
  const entry = entryOf(name);
  const protocol = await entry.protocol();
  const corpus = loadCorpus({ folder: join(packageRoot(), 'cases', name), language: protocol, only: () => false });
  return { entry, protocol, corpus };
}

function entryOf(name: string): ProtocolEntry {
  try {
    return protocolEntry(name);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
