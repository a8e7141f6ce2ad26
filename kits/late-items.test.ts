import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';

/** Programs that print what a kit tells of a stream, an item of which comes behind what its application does (cancel), or its library. */
const PROGRAMS: Readonly<Record<string, readonly [command: string, ...words: string[]]>> = {
  typescript: [
    'node',
    '--input-type=module',
    '-e',
    `
import { Asking } from './kits/typescript/rsocket/asking.mjs';
for (const between of ['cancel', 'complete']) {
  const lines = [];
  const call = { kind: 'request-stream', message: (value) => lines.push('message ' + value), end: () => lines.push('end') };
  const asking = new Asking(call, String);
  const item = (text) => asking.item({ data: new TextEncoder().encode(text) }, false);
  item('1');
  if (between === 'cancel') asking.running({ cancel() {} }).cancel();
  else asking.complete();
  item('2');
  console.log(lines.join(','));
}`,
  ],
  python: [
    'python3',
    '-c',
    `
import sys
from types import SimpleNamespace as Of
sys.path.insert(0, "kits/python")
from weir_rsocket import Asking, Item
for between in ("cancel", "complete"):
    lines = []
    call = Of(kind="request-stream", message=lambda value, _: lines.append("message " + value), end=lambda: lines.append("end"))
    asking = Asking(call, Of(cancel=lambda: None))
    asking.item(Item(b"1", None))
    asking.running().cancel() if between == "cancel" else asking.completed()
    asking.item(Item(b"2", None))
    print(",".join(lines))
`,
  ],
};

describe.each(Object.entries(PROGRAMS))('the RSocket part of the %s kit', (_language, [command, ...words]) => {
  test.skipIf(spawnSync(command, ['--version']).status !== 0)(
    'tells nobody an item that was on its way when its call was given up, but one behind the end that the library told',
    () => {
      const [cancelled, completed] = execFileSync(command, words, { encoding: 'utf8' }).trim().split('\n');
      expect(cancelled).toBe('message 1,end');
      expect(completed).toBe('message 1,end,message 2');
    },
  );
});
