import { faultTools } from '../../faults/tools.ts';
import { protocolEntry } from '../../registry.ts';
import { startClock } from '../../worlds/real/clock.ts';
import { startRelay } from '../../worlds/real/relay.ts';
import { createRecorder } from '../../worlds/recorder.ts';

/** A process of its own with Weir's proxy, which decodes and records every frame; arguments: protocol, codec, port of the server. */
const [name = '', codec = '', port = ''] = process.argv.slice(2);
const protocol = await protocolEntry(name).protocol();
const clock = startClock(1);
const relay = await startRelay({
  upstream: { host: '127.0.0.1', port: Number(port) },
  recorder: createRecorder(protocol, codec, clock.now),
  environment: clock,
  tools: faultTools(protocol, codec, { streamOf: () => undefined }),
  timeScale: 1,
});
process.send?.(relay.port);
process.on('disconnect', () => process.exit());
