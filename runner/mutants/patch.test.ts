import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { loadPatchedPeers, type PatchedPeer, patched, patchShape, peerShape, selected } from './patch.ts';

describe('a patch', () => {
  const patch = { file: 'f.ts', find: 'b', replace: 'c' };
  const peer = { id: 'm', patches: [patch] };

  it('replaces what it finds', () => {
    expect(patched('abd', 'f.ts', peer)).toBe('acd');
  });

  it('works on what those before it left, and in its own file only', () => {
    const patches = [patch, { file: 'f.ts', find: 'cd', replace: 'e' }, { file: 'g.ts', find: 'a', replace: 'z' }];
    expect(patched('abd', 'f.ts', { id: 'm', patches })).toBe('ae');
    expect(patched('abd', 'g.ts', { id: 'm', patches })).toBe('zbd');
    expect(patched('abd', 'h.ts', { id: 'm', patches })).toBe('abd');
  });

  it.each([
    ['finds nothing', 'aad', patch, /does not hold/],
    ['finds two places', 'abb', patch, /more than once/],
    ['changes nothing', 'abd', { ...patch, replace: 'b' }, /changes nothing/],
  ])('that %s is refused', (_what, source, wrong, message) => {
    expect(() => patched(source, 'f.ts', { id: 'm', patches: [wrong] })).toThrow(message);
  });
});

describe('lists of patched peers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-patches-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const shape = z.strictObject({ ...peerShape, patches: z.array(z.strictObject(patchShape)), noticedBy: z.string().optional() });
  const entry = (id: string): string =>
    `- {id: ${id}, role: client, what: does something else, patches: [{file: f.ts, find: b, replace: c}]}\n`;

  it('are read in order, each entry with the name of its list', () => {
    writeFileSync(join(folder, 'b.yaml'), entry('second'));
    writeFileSync(join(folder, 'a.yaml'), entry('first'));
    expect(loadPatchedPeers(folder, shape).map(({ id, area }) => `${area}/${id}`)).toEqual(['a/first', 'b/second']);
  });

  it('name one that both roles have once, and it is one of each', () => {
    const what = `the $\{role} takes two from the $\{peer}`;
    writeFileSync(
      join(folder, 'both-b.yaml'),
      `- {id: third, role: both, what: "${what}", noticedBy: "at-the-$\{role}", patches: [{file: f.ts, find: b, replace: c}]}\n`,
    );
    expect(loadPatchedPeers(folder, shape).slice(2)).toMatchObject([
      { id: 'client-third', role: 'client', what: 'the client takes two from the server', area: 'client-b', noticedBy: 'at-the-client' },
      { id: 'server-third', role: 'server', what: 'the server takes two from the client', area: 'server-b', noticedBy: 'at-the-server' },
    ]);
    rmSync(join(folder, 'both-b.yaml'));
  });

  it('with an id twice, or of another shape, are refused', () => {
    writeFileSync(join(folder, 'b.yaml'), entry('first'));
    expect(() => loadPatchedPeers(folder, shape)).toThrow(/b\.yaml: first is listed twice/);
    writeFileSync(join(folder, 'b.yaml'), '- {id: Not Kebab}\n');
    expect(() => loadPatchedPeers(folder, shape)).toThrow(/b\.yaml: .*kebab-case/s);
  });

  it('are narrowed by globs of ids and areas', () => {
    const peer = (area: string, id: string): PatchedPeer => ({ id, area, role: 'client', what: '', patches: [] });
    const peers = [peer('client-a', 'x-one'), peer('client-a', 'two'), peer('client-b', 'x-three')];
    const ids = (...given: Parameters<typeof selected> extends [unknown, ...infer R] ? R : never): string[] =>
      selected(peers, ...given).map(({ id }) => id);
    expect(ids(undefined, undefined)).toEqual(['x-one', 'two', 'x-three']);
    expect(ids(['x-*'], undefined)).toEqual(['x-one', 'x-three']);
    expect(ids(['x-*', 'two'], ['client-a'])).toEqual(['x-one', 'two']);
  });
});
