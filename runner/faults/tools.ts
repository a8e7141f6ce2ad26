import { bindingOf } from '../../protocols/common/binding.ts';
import type { MatchContext, Protocol } from '../../protocols/common/protocol.ts';
import { fromTagged, isPlainObject } from '../../protocols/common/value.ts';
import type { Places } from '../../protocols/common/whereabouts.ts';
import { overlay } from './alter.ts';
import type { FaultTools } from './exchange.ts';

/** What the fault engine needs of a protocol, for runs under one binding. `places` says where messages are. */
export function faultTools(
  protocol: Pick<Protocol, 'bindings' | 'seesOpenings' | 'mismatch' | 'decode' | 'encode'>,
  binding: string,
  match: MatchContext,
  places: Places['of'],
): FaultTools {
  return {
    carrier: bindingOf(protocol, binding).carrier,
    seesOpenings: protocol.seesOpenings ?? false,
    matches: (pattern, event) => protocol.mismatch(pattern, event, match) === undefined,
    replace(frame, set, { connection, from }) {
      const decoded = protocol.decode(frame, places(connection, from, frame.part));
      if (!decoded.ok) throw new Error(`the message cannot be decoded: ${decoded.error}`);
      const values = fromTagged(set);
      return protocol.encode(overlay(decoded.message, isPlainObject(values) ? values : {}), binding);
    },
    encode: (message) => protocol.encode(fromTagged(message), binding),
  };
}
