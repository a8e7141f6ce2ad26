import { bindingOf } from '../../../protocols/common/binding.ts';
import { MAIN } from '../../../protocols/common/instance.ts';
import { acceptOf } from '../../../protocols/common/protocol.ts';
import { loadServices } from '../../cli/load.ts';
import { startClock } from '../../worlds/real/clock.ts';
import { linksOf } from '../../worlds/real/links.ts';
import { hearing } from './ends.ts';

/** A process of its own with a reference server; arguments: protocol, binding, and where both ends dial a broker its address and a space. Tells its parent where it is. */
const [name = '', binding = '', url = '', space = ''] = process.argv.slice(2);
const { entry, protocol, corpus } = await loadServices(name);
const { carrier } = bindingOf(protocol, binding);
const makeServer = await entry.makeServer(corpus.services);
const params = { server: MAIN, binding, serverId: 'SERVER', timers: { ...protocol.timers }, options: {} };
const clock = startClock(1);
if (protocol.broker === undefined) {
  const server = makeServer(clock, hearing());
  const listener = await linksOf(carrier).listen(acceptOf(server.serve(params)));
  process.send?.(listener.url);
} else {
  const { dial } = linksOf(carrier).dialer(url, ({ text }) => process.stderr.write(`the broker ${text}\n`));
  await makeServer(clock, hearing(), dial).serve({ ...params, url, space });
  process.send?.(url);
}
process.on('disconnect', () => process.exit());
