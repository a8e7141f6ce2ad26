import { isPlainObject } from '../../protocols/common/value.ts';
import { type Method, type Model, RpcError, type Services } from './contract.ts';

const PAIR: Model = { a: 'number', b: 'number' };
const SUM: Model = { sum: 'number' };

/** The standard test services of clamator, as cases/clamator/services.yaml describes them. */
export const testServices: Services = {
  calc: {
    add: { params: PAIR, result: SUM, handle: async ({ a, b }) => ({ sum: Number(a) + Number(b) }) },
    slow: {
      params: { ms: 'integer', tag: 'text' },
      result: { tag: 'text' },
      async handle({ ms, tag }, { wait }) {
        await wait(Number(ms));
        return { tag };
      },
    },
    deny: {
      params: PAIR,
      result: SUM,
      async handle() {
        throw new RpcError(-32010, 'denied', { why: 'test' });
      },
    },
    denyWeird: {
      params: PAIR,
      result: SUM,
      async handle() {
        const data: Record<string, unknown> = {};
        data['self'] = data;
        throw new RpcError(-32011, 'denied weirdly', data);
      },
    },
    crash: {
      params: PAIR,
      result: SUM,
      async handle() {
        throw new TypeError('crashed as asked');
      },
    },
    selfCancel: {
      params: PAIR,
      result: SUM,
      async handle() {
        throw new DOMException('the handler was cancelled from inside', 'AbortError');
      },
    },
    badResult: { params: PAIR, result: SUM, handle: async () => ({ total: 1 }) },
    foreign: { params: PAIR, result: SUM, handle: async () => new Map([['sum', 1]]) },
    nan: { params: PAIR, result: SUM, handle: async () => ({ sum: Number.NaN }) },
    strictly: {
      params: { n: 'integer' },
      result: { n: 'integer' },
      async handle({ n }) {
        if (n === 1) throw new RpcError(-32602, 'Invalid params', { errors: [{ loc: ['n'], msg: 'it may not be 1' }] });
        return { n };
      },
    },
    rich: {
      params: {},
      result: { at: 'any', d: 'any' },
      handle: async () => ({ at: new Date(Date.UTC(2026, 0, 2, 3, 4, 5)), d: decimal('1.50') }),
    },
    echo: { params: { value: 'any' }, result: { value: 'any' }, handle: async ({ value }) => ({ value }) },
    alias: { params: { processId: 'text' }, result: { runId: 'text' }, handle: async ({ processId }) => ({ runId: processId }) },
    missing: { params: PAIR, result: SUM },
    count: {
      params: {},
      result: { n: 'integer' },
      async handle(_params, { wait, memory }) {
        const before = memory.count;
        await wait(5);
        memory.count = before + 1;
        return { n: memory.count };
      },
    },
    poke: { params: {}, handle: async () => undefined },
    pokeSlow: {
      params: { ms: 'integer' },
      async handle({ ms }, { wait }) {
        await wait(Number(ms));
      },
    },
  },
  log: { write: { params: { msg: 'text' }, result: { ok: 'any' }, handle: async () => ({ ok: true }) } },
};

/** A number of decimal digits, which JSON has as text alone. */
function decimal(digits: string): { toJSON(): string } {
  return { toJSON: () => digits };
}

/** The kind of a method, as services.yaml has it. */
export function kindOf({ result }: Method): 'method' | 'notification' {
  return result === undefined ? 'notification' : 'method';
}

/** Throws an Error where a parsed services.yaml and the handlers differ. */
export function checkServices(services: unknown): void {
  const listed = isPlainObject(services) && isPlainObject(services['procedures']) ? services['procedures'] : {};
  const made = new Map<string, string>(
    Object.entries(testServices).flatMap(([service, methods]) =>
      Object.entries(methods).map(([name, method]) => [`${service}.${name}`, kindOf(method)] as const),
    ),
  );
  for (const [name, procedure] of Object.entries(listed)) {
    const kind = isPlainObject(procedure) ? procedure['kind'] : undefined;
    if (made.get(name) !== kind)
      throw new Error(`services.yaml has ${name} as ${String(kind)}, the server as ${made.get(name) ?? 'nothing'}`);
    made.delete(name);
  }
  const [left] = made.keys();
  if (left !== undefined) throw new Error(`services.yaml does not have ${left}`);
}
