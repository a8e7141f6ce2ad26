import { readUpgrade } from '../../carriers/websocket/heads.ts';
import { isPlainObject, ownMember } from '../../common/value.ts';
import { frameInvariant } from './judging.ts';

/** How often each stage was told of one request. */
interface Told {
  begun: number;
  over: number;
  /** `n` of the last before_request that is not over. */
  at: number;
}

/**
 * Hooks, as they were told: once where they are due once, and in the order of the life of connections and requests. What was attached
 * says which of them can be missed.
 */
export const hooks = frameInvariant(
  'hooks',
  [
    ...(['SWILL-HOOK-03', 'SWILL-HOOK-04', 'SWILL-HOOK-07', 'SWILL-HOOK-08', 'SWILL-HOOK-09', 'SWILL-HOOK-10', 'SWILL-HOOK-11'] as const),
    ...(['SWILL-HOOK-12', 'SWILL-HOOK-13'] as const),
  ],
  (check, facts) => {
    const attached = isPlainObject(facts.options?.['hooks']) ? facts.options['hooks'] : {};
    const has = (...stages: readonly string[]): boolean =>
      stages.every((stage) => Array.isArray(attached[stage]) && attached[stage].length === 1);
    const told = new Map<string, Told>();
    const counts = new Map<string, number>();
    const last = new Map<string, string>();
    let asked = 0;
    let accepted = 0;
    let attempts = 0;
    let gone = 0;
    return {
      any: (event) => {
        if (event.type === 'sent' && event.frame.class === 'opening') {
          const head = readUpgrade(event.frame.data);
          if (event.from === 'client') asked += 1;
          else if (head?.kind === 'response' && head.status === 101) accepted += 1;
        }
        if (event.type !== 'application' || event.role !== 'server' || event.event.kind !== 'handler') return;
        const { procedure: stage = '', value } = event.event;
        const { n } = event;
        if (!Object.hasOwn(attached, stage)) return;
        const { rpc, seq } = isPlainObject(value) ? value : {};
        const key = `${String(rpc)} ${String(seq)}`;
        const request = told.get(key) ?? { begun: 0, over: 0, at: n };
        told.set(key, request);
        const before = last.get(key);
        last.set(key, stage);
        counts.set(stage, (counts.get(stage) ?? 0) + 1);
        switch (stage) {
          case 'before_connection':
            attempts += 1;
            break;
          case 'before_accept':
          case 'after_accept':
            if (has('before_connection', stage))
              check((counts.get(stage) ?? 0) <= attempts, 'SWILL-HOOK-03', 'server', () => `${stage} came before before_connection`, [n]);
            break;
          case 'before_request':
            request.begun += 1;
            request.at = n;
            check(
              ownMember(facts.procedureKinds, String(rpc)) !== undefined,
              'SWILL-HOOK-04',
              'server',
              () => `before_request ran for ${String(rpc)}, which nobody handles`,
              [n],
            );
            if (has('before_request', 'after_request'))
              check(request.begun - request.over === 1 || accepted > 1, 'SWILL-HOOK-04', 'server', () => 'before_request ran twice', [n]);
            break;
          case 'before_request_message':
          case 'before_response_message':
            if (has('before_request', stage))
              check(
                request.begun > 0,
                stage === 'before_request_message' ? 'SWILL-HOOK-07' : 'SWILL-HOOK-09',
                'server',
                () => `${stage} came before before_request`,
                [n],
              );
            break;
          case 'before_trailing_metadata':
            // Of single answers the implementation has another order, which is only noted.
            if (ownMember(facts.procedureKinds, String(rpc))?.endsWith('-stream') === true && has('before_response_message', stage))
              check(before !== stage, 'SWILL-HOOK-10', 'server', () => 'before_trailing_metadata ran twice', [n]);
            break;
          case 'after_request':
            request.over += 1;
            if (has('before_request', 'after_request'))
              check(request.over <= request.begun, 'SWILL-HOOK-11', 'server', () => 'after_request ran once too often', [n]);
            break;
          case 'after_connection': {
            gone += 1;
            check(
              gone <= Math.max(accepted, 0),
              'SWILL-HOOK-12',
              'server',
              () => 'after_connection ran for a connection that nobody accepted',
              [n],
            );
            const open = [...told.values()].filter(({ begun, over }) => begun > over);
            if (has('before_request', 'after_request', stage) && asked === 1)
              check(
                open.length === 0,
                'SWILL-HOOK-13',
                'server',
                () => `after_connection came while ${open.length} requests were not over`,
                [n, ...open.map(({ at }) => at)],
              );
            break;
          }
          default:
        }
      },
    };
  },
);
