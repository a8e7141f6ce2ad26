import type { PeerEvents } from '../../common/control.ts';
import type { Accept, Dial, Link, LinkEvents } from '../../common/environment.ts';
import type { MessageFrame, Role } from '../../common/frame.ts';
import { type ManualEnvironment, manualEnvironment } from '../../common/testing/manual-environment.ts';
import { decodeFrame } from '../decode.ts';
import type { RSocketFrame } from '../frame.ts';
import { summarise } from '../summary.ts';

/** Both ends of connections in memory, with what passed on them. */
export interface Wires {
  readonly environment: ManualEnvironment;
  readonly dial: Dial;
  /** What passed, as `client #1 REQUEST_RESPONSE echo "hi"`. */
  readonly said: string[];
  /** Frames that passed, of one end. */
  frames(from: Role): RSocketFrame[];
  /** Drops all connections, as a network would. */
  cut(): void;
  /** While it says so, frames of that end are lost. */
  lose: Role | undefined;
}

/** Joins whoever dials to `accept`. */
export function wires(accept: () => Accept, environment = manualEnvironment()): Wires {
  const said: string[] = [];
  const passed: { readonly from: Role; readonly frame: RSocketFrame }[] = [];
  const live = new Set<() => void>();
  const self: Wires = {
    environment,
    said,
    lose: undefined,
    frames: (from) => passed.filter((each) => each.from === from).map(({ frame }) => frame),
    cut: () => {
      for (const drop of live) drop();
    },
    dial: (clientEvents) => {
      let open = true;
      let serverEvents: LinkEvents | undefined;
      const end = (): void => {
        if (!open) return;
        open = false;
        live.delete(end);
        const closed = { code: 1006, reason: '' };
        environment.after(0, () => clientEvents.closed(closed));
        environment.after(0, () => serverEvents?.closed(closed));
      };
      const link = (from: Role, to: () => LinkEvents | undefined): Link => ({
        send: (frame: MessageFrame) => {
          if (!open) return;
          const decoded = decodeFrame(frame.data);
          said.push(`${from} ${summarise(frame, decoded)}`);
          if (decoded.ok) passed.push({ from, frame: decoded.message });
          if (self.lose === from) return;
          environment.after(0, () => open && to()?.message(frame));
        },
        close: () => {
          said.push(`${from} closes`);
          environment.after(0, end);
        },
        abort: end,
      });
      live.add(end);
      environment.after(0, () => {
        serverEvents = accept()(link('server', () => clientEvents));
        serverEvents.opened();
        clientEvents.opened();
      });
      return link('client', () => serverEvents);
    },
  };
  return self;
}

/** What a peer told, one line each. */
export function recorded(lines: string[], who: string): PeerEvents {
  return {
    start: () => {},
    message: ({ call, result }) => {
      const metadata = result.ok && result.metadata !== undefined ? ` / ${String(result.metadata)}` : '';
      lines.push(`${call} ${result.ok ? String(result.value) + metadata : `error ${result.error.code} ${result.error.message}`}`);
    },
    end: ({ call }) => void lines.push(`${call} end`),
    status: ({ status, detail }) => void lines.push(`${who} ${status}${detail === undefined ? '' : ` ${detail}`}`),
    handler: ({ procedure, event, value, metadata }) =>
      void lines.push(
        `${who} ${procedure} ${event}${value === undefined ? '' : ` ${String(value)}`}${metadata === undefined ? '' : ` / ${String(metadata)}`}`,
      ),
    log: () => {},
  };
}
