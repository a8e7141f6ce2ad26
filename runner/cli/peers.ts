/**
 * What `implementations/reference-node` is made of, for the bundle: of hundreds of files Node takes longer to load them than the adapter
 * takes for a case.
 */
export { fromTagged, toTagged } from '../../protocols/common/value.ts';
export { protocolEntry } from '../registry.ts';
export { startClock } from '../worlds/real/clock.ts';
export { listenForWebSockets, webSocketDialer } from '../worlds/real/websocket-link.ts';
