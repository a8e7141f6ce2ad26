import { describe, expect, test } from 'vitest';
import type { PeerEvents } from '../../protocols/common/control.ts';
import { messageOf } from '../../protocols/common/frame.ts';
import type { MakeReferenceServer } from '../../protocols/common/protocol.ts';
import { realWorld } from './real/index.ts';
import { connectMain, echoSetting, invokeEcho, silence } from './real/testing/echo-setting.ts';
import { simulatedWorld } from './simulated/index.ts';
import type { Stage } from './world.ts';

/** Answers each message with its own handle. */
const named: MakeReferenceServer = () => ({
  serve:
    ({ server }) =>
    (link) => ({ opened() {}, message: () => link.send(messageOf(new TextEncoder().encode(server), true)), closed() {} }),
  async stop() {},
  script() {},
});

/** Calls the server at `url` and gives what it answers. */
async function answerOf(stage: Stage, url: string, heard: string[]): Promise<string | undefined> {
  const before = heard.length;
  await stage.client.connect(connectMain(url));
  await stage.client.invoke(invokeEcho('hello'));
  while (heard.length === before) await new Promise<void>((resolve) => void stage.environment.after(1, resolve));
  return heard.at(-1);
}

describe.each([
  ['simulated', () => simulatedWorld()],
  ['real', () => realWorld({ timeScale: 0.01 })],
] as const)('several servers in the %s world', (_name, world) => {
  test.each(['text', 'stream'] as const)('are dialled apart, through one proxy (%s)', async (binding) => {
    const heard: string[] = [];
    const client: PeerEvents = { ...silence, message: ({ result }) => heard.push(result.ok ? String(result.value) : '') };
    const setting = { ...echoSetting(client, { kind: 'reference', make: named }, binding), toxics: false };
    await world().run(setting, async (stage) => {
      const { url = '' } = await stage.serve({ ...setting.serve, server: 'worker-2' });
      expect(await answerOf(stage, url, heard)).toBe('worker-2');
      expect(await answerOf(stage, stage.url, heard)).toBe('main');
      stage.fault('stall');
      const opened = [...stage.recorder.trace].filter((event) => event.type === 'opened');
      expect(opened.map(({ connection, server }) => [connection, server])).toEqual([
        [0, 'worker-2'],
        [1, undefined],
      ]);
    });
  });
});
