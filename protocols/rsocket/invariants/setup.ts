import { ERROR_CODES } from '../error-codes.ts';
import { FLAG, has, type SetupFrame, VERSION } from '../frame.ts';
import { frameInvariant, Table } from './judging.ts';

interface Line {
  /** What the client sent first. */
  first: 'setup' | 'resume' | 'other' | undefined;
  /** The id of that frame. */
  firstId: number;
  setup: SetupFrame | undefined;
  /** `n` of the server's refusal. */
  refused: number | undefined;
  /** The server has said something else than a refusal. */
  open: boolean;
}

/** How connections begin: SETUP first and once, its version and times, and what servers make of it. */
export const setup = frameInvariant(
  'setup',
  [
    'RSOCKET-SETUP-01',
    'RSOCKET-SETUP-02',
    'RSOCKET-SETUP-03',
    'RSOCKET-SETUP-04',
    'RSOCKET-SETUP-07',
    'RSOCKET-SETUP-08',
    'RSOCKET-SETUP-09',
    'RSOCKET-SETUP-11',
    'RSOCKET-SETUP-13',
  ],
  (check, facts) => {
    const clients = facts.instances?.filter((each) => each.role === 'client') ?? [];
    const [only, second] = clients;
    const lines = new Table<Line>(() => ({ first: undefined, firstId: 0, setup: undefined, refused: undefined, open: false }));
    const begin = (line: Line, first: NonNullable<Line['first']>, id: number): void => {
      if (line.first !== undefined) return;
      line.first = first;
      line.firstId = id;
    };
    return {
      forget: ({ isOver }) => lines.drop((_, connection) => isOver(connection)),
      broken: (_error, { connection, role }) => {
        if (role === 'client') begin(lines.at(connection), 'other', 0);
      },
      sent: (frame, { n, connection, role }) => {
        const line = lines.at(connection);
        if (role === 'client') {
          const isFirst = line.first === undefined;
          const kind = frame.type === 'SETUP' ? 'setup' : frame.type === 'RESUME' ? 'resume' : 'other';
          begin(line, kind, frame.streamId);
          if (isFirst) {
            check(
              kind !== 'other' && frame.streamId === 0,
              'RSOCKET-SETUP-01',
              role,
              () => `the first frame is ${frame.type} on stream ${frame.streamId}`,
              [n],
            );
          } else if (kind !== 'other') {
            check(false, 'RSOCKET-SETUP-01', role, () => `${frame.type} on a connection that had begun`, [n]);
          }
          if (frame.type !== 'SETUP') return;
          if (isFirst) line.setup = frame;
          const { major, minor, keepaliveMs, lifetimeMs, reserved } = frame;
          const version = major === VERSION.major && minor === VERSION.minor;
          check(version, 'RSOCKET-SETUP-02', role, () => `SETUP of version ${major}.${minor}`, [n]);
          const times = keepaliveMs > 0 && lifetimeMs > 0 && reserved.length === 0;
          check(times, 'RSOCKET-SETUP-02', role, () => `a keepalive of ${keepaliveMs} ms and a lifetime of ${lifetimeMs} ms`, [n]);
          if (only !== undefined && second === undefined) {
            const told = (name: string, ms: number): boolean => Math.abs((only.timers[name] ?? ms) - ms) < 1;
            const exact = told('keepaliveMs', keepaliveMs) && told('lifetimeMs', lifetimeMs);
            const what = () => `a keepalive of ${keepaliveMs} ms and a lifetime of ${lifetimeMs} ms, which are not those it was given`;
            check(exact, 'RSOCKET-SETUP-03', role, what, [n]);
          }
          const ascii = /^[\x20-\x7e]+$/;
          const mimes = ascii.test(frame.metadataMime) && ascii.test(frame.dataMime);
          check(mimes, 'RSOCKET-SETUP-04', role, () => 'a MIME type that is no printable ASCII text', [n]);
          const token = !has(frame, FLAG.RESUME) || (frame.token?.length ?? 0) > 0;
          check(token, 'RSOCKET-SETUP-07', role, () => 'the flag R, and an empty token', [n]);
          return;
        }
        const refusal = frame.type === 'ERROR' && frame.streamId === 0 && frame.code <= ERROR_CODES.REJECTED_RESUME;
        if (line.refused !== undefined) {
          const silent = frame.streamId === 0;
          check(silent, 'RSOCKET-SETUP-11', role, () => `${frame.type} on stream ${frame.streamId} after the refusal`, [n, line.refused]);
          return;
        }
        if (line.first === 'other' || (line.first !== undefined && line.firstId !== 0)) {
          const invalid = frame.type === 'ERROR' && frame.streamId === 0 && frame.code === ERROR_CODES.INVALID_SETUP;
          const rule = line.first === 'other' ? 'RSOCKET-SETUP-08' : 'RSOCKET-SETUP-09';
          check(invalid, rule, role, () => `${frame.type}, where the first frame calls for INVALID_SETUP`, [n]);
        }
        if (refusal && !line.open) {
          line.refused = n;
          check(true, 'RSOCKET-SETUP-11', role);
          return;
        }
        line.open = true;
        if (line.setup !== undefined && (line.setup.major !== VERSION.major || line.setup.minor !== VERSION.minor)) {
          const { major, minor } = line.setup;
          check(false, 'RSOCKET-SETUP-13', role, () => `${frame.type}, where version ${major}.${minor} is to be refused`, [n]);
        }
      },
    };
  },
);
