import type { TraceRecordRead } from '../../runner/bundles/records.ts';

/** Who a frame goes between, as lanes of a ladder: its sender or receiver at one end, the relay that it passes, and the other end. */
export interface Way {
  /** The other end of the connection. */
  readonly other: string;
  /** The lane of the proxy's relay that the connection passes. */
  readonly via: string;
  /** Whether one of the two is a broker. */
  readonly brokered: boolean;
}

/** What stands between the ends, from left to right. */
const DIRECT = ['client', 'proxy', 'server'];

/** With a broker, each end has a relay of its own. */
const BROKERED = ['client', 'proxy', 'broker', 'proxy-of-server', 'server'];

/** The lanes of a ladder whose frames go such ways. */
export function laneIds(ways: Iterable<Way>): readonly string[] {
  for (const { brokered } of ways) return brokered ? BROKERED : DIRECT;
  return DIRECT;
}

/** What a lane is called. */
export function laneLabel(id: string): string {
  return id === 'proxy-of-server' ? 'proxy' : id;
}

/** Tells of frames which way they go. */
export function waysOf(records: readonly TraceRecordRead[]): (connection: number, party: string) => Way {
  const diallers = new Map<number, string>();
  for (const record of records) if (record.type === 'opened' && record.dialler) diallers.set(record.connection, record.dialler.role);
  return (connection, party) => {
    const dialler = diallers.get(connection);
    if (dialler === undefined) return { other: party === 'client' ? 'server' : 'client', via: 'proxy', brokered: false };
    return { other: party === 'broker' ? dialler : 'broker', via: dialler === 'server' ? 'proxy-of-server' : 'proxy', brokered: true };
  };
}
