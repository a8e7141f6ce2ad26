import { joinedValue, valuesOf } from '../../carriers/http/head.ts';
import { isPlainObject } from '../../common/value.ts';
import { readContentType } from '../content.ts';
import { areStrangers, askedBy } from './asked.ts';
import { type Ears, exchangeInvariant } from './exchanges.ts';

/** Heads of requests: how a call is written. */
export const requests = exchangeInvariant(
  'requests',
  [
    ...(['CONNECT-UNARY-01', 'CONNECT-UNARY-02', 'CONNECT-UNARY-03', 'CONNECT-TIMEOUT-01', 'CONNECT-COMP-01', 'CONNECT-COMP-07'] as const),
    'CONNECT-GET-10',
    ...(['CONNECT-STREAM-01', 'CONNECT-GET-01', 'CONNECT-GET-02', 'CONNECT-GET-03', 'CONNECT-GET-06', 'CONNECT-GET-07'] as const),
  ],
  (check, facts) => {
    /** The targets of GETs, by what they ask for, with the event that asked last. */
    const targets = new Map<string, { readonly target: string; readonly n: number }>();
    const hear: Ears['hear'] = (message, _known, { n, role }) => {
      if (message.type !== 'request') return;
      const { method, path, fields, query, target } = message;
      const asked = askedBy(message, facts);
      const of = (name: string): string | undefined => joinedValue(fields, name);
      // What strangers ask for may be no call at all.
      if (asked === undefined && areStrangers(facts)) return;
      const names = asked?.procedure === undefined ? /\/[^/]+\/[^/]+$/.test(path) : path.endsWith(`/${message.procedure}`);
      check(asked !== undefined && names, 'CONNECT-UNARY-01', role, () => `${path} names no procedure`, [n]);
      if (asked === undefined) return;
      const { procedure, isStream } = asked;
      const timeout = of('connect-timeout-ms');
      if (timeout !== undefined)
        check(/^[1-9]\d{0,9}$/.test(timeout), 'CONNECT-TIMEOUT-01', role, () => `Connect-Timeout-Ms is ${JSON.stringify(timeout)}`, [n]);
      for (const name of ['accept-encoding', 'connect-accept-encoding']) {
        const accepts = of(name);
        if (accepts !== undefined)
          check(!/;\s*q=/i.test(accepts), 'CONNECT-COMP-07', role, () => `${name} has a quality value: ${accepts}`, [n]);
      }
      if (method === 'GET') {
        if (procedure !== undefined)
          check(procedure.isFree, 'CONNECT-GET-01', role, () => `GET of ${procedure.name}, which has side effects`, [n]);
        const given = query?.names ?? [];
        check(
          given.includes('message') && given.includes('encoding'),
          'CONNECT-GET-02',
          role,
          () => `the query has only ${given.join(', ')}`,
          [n],
        );
        const order = ['connect', 'base64', 'compression', 'encoding', 'message'].filter((name) => given.includes(name));
        const found = given.filter((name) => order.includes(name));
        check(order.join() === found.join(), 'CONNECT-GET-03', role, () => `the query is in the order ${found.join(', ')}`, [n]);
        const isBinary = query?.encoding === 'proto' || (query?.compression ?? 'identity') !== 'identity';
        if (isBinary) check(query?.base64 === true, 'CONNECT-GET-06', role, () => `a binary message without base64=1 in ${target}`, [n]);
        const isBare = message.last && of('content-type') === undefined && of('content-encoding') === undefined;
        check(isBare, 'CONNECT-GET-07', role, () => 'a GET with a body, or with what describes one', [n]);
        // What a message of strangers says is not known.
        if (procedure === undefined) return;
        const same = `${procedure.name} ${canonical(message.value)}`;
        const earlier = targets.get(same);
        targets.set(same, { target, n });
        if (earlier !== undefined)
          check(earlier.target === target, 'CONNECT-GET-10', role, () => `${target} asks for what ${earlier.target} asked for`, [n]);
        return;
      }
      check(method === 'POST', 'CONNECT-UNARY-01', role, () => `a call by ${method}`, [n]);
      const version = valuesOf(fields, 'connect-protocol-version');
      check(
        version.join() === '1',
        'CONNECT-UNARY-03',
        role,
        () => (version.length === 0 ? 'there is no Connect-Protocol-Version' : `Connect-Protocol-Version is ${version.join(', ')}`),
        [n],
      );
      const content = readContentType(of('content-type'));
      if (procedure !== undefined) {
        const fits = content?.codec !== undefined && content.isStream === isStream;
        check(
          fits,
          isStream ? 'CONNECT-STREAM-01' : 'CONNECT-UNARY-02',
          role,
          () => `${procedure.name} with Content-Type ${of('content-type')}`,
          [n],
        );
      }
      const foreign = isStream ? 'content-encoding' : 'connect-content-encoding';
      check(of(foreign) === undefined, 'CONNECT-COMP-01', role, () => `${foreign} on a ${isStream ? 'stream' : 'unary call'}`, [n]);
    };
    return {
      hear,
      forget: ({ before }) => {
        for (const [asked, { n }] of targets) if (n < before) targets.delete(asked);
      },
    };
  },
);

/** A value as text that is the same for the same value. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, item: unknown) =>
      isPlainObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
    ) ?? ''
  );
}
