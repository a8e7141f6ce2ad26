import type { Carrier } from '../../common/carrier.ts';
import { webSocket } from './carrier.ts';
import { WebSocketConversation } from './conversation.ts';
import { startWebSocketEndpoint } from './endpoint.ts';

const { preamble: _writtenByLinks, ...common } = webSocket;

/**
 * The same WebSocket for protocols whose peers write and read the heads of the upgrade themselves: what they offer, accept and refuse
 * there is theirs to judge, and no problem of the carrier.
 */
export const upgradedWebSocket: Carrier = {
  ...common,
  endpoint: startWebSocketEndpoint,
  converse: (surroundings) => new WebSocketConversation(surroundings, false),
};
