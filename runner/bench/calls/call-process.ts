import { bindingOf } from '../../../protocols/common/binding.ts';
import { MAIN } from '../../../protocols/common/instance.ts';
import { loadServices } from '../../cli/load.ts';
import { startClock } from '../../worlds/real/clock.ts';
import { linksOf } from '../../worlds/real/links.ts';
import { hearing } from './ends.ts';

/**
 * A process of its own that makes one call after the other with the reference client; arguments: protocol, binding, address, procedure, value as
 * JSON, how many calls, space on a broker. Tells its parent how long each took, µs.
 */
const [name = '', binding = '', url = '', procedure = '', value = 'null', times = '1', space = ''] = process.argv.slice(2);
const { entry, protocol, corpus } = await loadServices(name);
const kind = corpus.procedureKinds[procedure];
if (kind === undefined) throw new Error(`${procedure} is none of the standard test services`);
// Another process must not make the ids of this one: the server would take it for the same client, come back.
const clock = startClock(process.pid);
const dialer = linksOf(bindingOf(protocol, binding).carrier).dialer(url, ({ text }) => process.stderr.write(`the server ${text}\n`));
let ended = (): void => {};
let failed: string | undefined;
const events = hearing({
  message: ({ result }) => {
    if (!result.ok) failed = JSON.stringify(result.error);
  },
  end: () => ended(),
});
const client = (await entry.makeClient())(clock, dialer.dial, events);
await client.connect({
  client: MAIN,
  url,
  ...(protocol.broker === undefined ? {} : { space }),
  binding,
  clientId: 'BENCH',
  serverId: 'SERVER',
  timers: { ...protocol.timers },
  options: {},
  eager: false,
});
const took: number[] = [];
for (let i = 0; i < Number(times); i += 1) {
  const began = performance.now();
  const over = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const call = `call${i}`;
  await client.invoke({ at: MAIN, call, ...(protocol.namePair?.(procedure) ?? { procedure }), kind, value: JSON.parse(value) });
  await client.finish({ call });
  await over;
  if (failed !== undefined) throw new Error(`${procedure} failed: ${failed}`);
  took.push((performance.now() - began) * 1000);
}
process.send?.(took, () => process.exit());
