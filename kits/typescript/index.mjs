// What adapters for Node have in common (docs/adapters.md).
export { Call, Instance } from './lib/calls.mjs';
export { Conversation, Refusal, run } from './lib/conversation.mjs';
export { fromTagged, toTagged } from './lib/values.mjs';
