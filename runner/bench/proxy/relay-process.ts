import { MAIN } from '../../../protocols/common/instance.ts';
import { startPlaces } from '../../../protocols/common/whereabouts.ts';
import { faultTools } from '../../faults/tools.ts';
import { protocolEntry } from '../../registry.ts';
import { startClock } from '../../worlds/real/clock.ts';
import { startRelay } from '../../worlds/real/relay.ts';
import { createRecorder, type WireRecorder } from '../../worlds/recorder.ts';
import { answerParent } from './ports.ts';

/** A process of its own with Weir's proxy, which decodes and records every frame; arguments: protocol, binding, port of the server. */
const [name = '', binding = '', port = ''] = process.argv.slice(2);
const protocol = await protocolEntry(name).protocol();
const clock = startClock(1);
// As in a run of the corpus, a trace lives no longer than what it records.
let current = createRecorder(protocol, binding, clock.now);
const recorder: WireRecorder = {
  get trace() {
    return current.trace;
  },
  get first() {
    return current.first;
  },
  get bytes() {
    return current.bytes;
  },
  application: (...happening) => current.application(...happening),
  step: (...phase) => current.step(...phase),
  listen: (listener) => current.listen(listener),
  opened(connection) {
    current.catchUp();
    current.close();
    current = createRecorder(protocol, binding, clock.now);
    current.opened(connection);
  },
  sent: (...frame) => current.sent(...frame),
  delivered: (delivery) => current.delivered(delivery),
  closed: (closing) => current.closed(closing),
  fault: (...fault) => current.fault(...fault),
  carrier: (...problem) => current.carrier(...problem),
  defer: (work) => current.defer(work),
  catchUp: () => current.catchUp(),
  tidy: (n) => current.tidy(n),
  whereabouts: (...place) => current.whereabouts(...place),
  whereaboutsOf: (event) => current.whereaboutsOf(event),
  close: () => current.close(),
};
const relay = await startRelay({
  upstream: { host: '127.0.0.1', port: Number(port) },
  // What goes to a broker is a client's.
  dialler: protocol.broker === undefined ? undefined : { role: 'client', instance: MAIN },
  recorder,
  environment: clock,
  tools: faultTools(protocol, binding, { streamOf: () => undefined }, startPlaces(binding).of),
  timeScale: 1,
});
process.send?.(relay.address.port);
answerParent();
