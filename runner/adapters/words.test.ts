import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadProtocol, loadServices } from '../cli/load.ts';
import { packageRoot } from '../package-root.ts';
import { registry } from '../registry.ts';
import { withWords } from './words.ts';

const guide = readFileSync(join(packageRoot(), 'docs', 'adapters.md'), 'utf8');

it('the guide for adapters has the words of the protocols as they are (npm run schemas)', async () => {
  const loaded = await Promise.all(Object.keys(registry).map((name) => loadServices(name)));
  const protocols = loaded.map(({ protocol, corpus }) => ({ ...protocol, features: corpus.features }));
  expect(guide).toBe(withWords(guide, protocols));
});

it('a guide without a place for them is refused', () => {
  expect(() => withWords('# Writing an adapter', [])).toThrow('has no place');
});

describe.each(Object.keys(registry))('the words of %s', (name) => {
  it('are those that cases and services use', async () => {
    const { protocol, corpus } = await loadProtocol(name);
    const { timers, options, statuses } = protocol.adapterWords;
    expect(Object.keys(timers).sort()).toEqual(Object.keys(protocol.timers).sort());
    expect(Object.keys(protocol.kinds).sort()).toEqual([...new Set(Object.values(corpus.procedureKinds))].sort());
    const used = {
      options: new Set(['timeScale', ...corpus.cases.flatMap(({ server }) => Object.keys(server.options))]),
      statuses: new Set<string>(),
    };
    for (const { action } of corpus.cases.flatMap(({ steps }) => steps)) {
      if (action.kind === 'connect') for (const option of Object.keys(action.options)) used.options.add(option);
      if (action.kind === 'status') used.statuses.add(action.is);
    }
    for (const option of used.options) expect(Object.keys(options)).toContain(option);
    for (const status of used.statuses) expect(Object.keys(statuses)).toContain(status);
  });
});
