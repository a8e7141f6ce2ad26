import { itemsWithin } from '../../protocols/common/limits.ts';
import { ApplicationError, type Outlet, type Procedure } from './handler.ts';
import { bounds, type StructField, type Type } from './types.ts';

const none: Type = { type: 'None' };
const int: Type = { type: 'int' };
const float: Type = { type: 'float' };
const str: Type = { type: 'str' };
const bytes: Type = { type: 'bytes' };
const any: Type = { type: 'Any' };
const listOf = (of: Type): Type => ({ type: 'list', of });
const struct = (name: string, fields: Readonly<Record<string, StructField>>): Type => ({ type: 'struct', name, fields });

/** A procedure that is given one message. */
function one(
  kind: 'single-single' | 'single-stream',
  request: Type,
  response: Type,
  act: (value: never, outlet: Outlet) => void,
): Procedure {
  return { kind, request, response, run: (outlet) => ({ message: (value) => act(value, outlet) }) };
}

/** One answer, which is what `make` gives. */
function answer(request: Type, response: Type, make: (value: never, outlet: Outlet) => unknown): Procedure {
  return one('single-single', request, response, (value, outlet) => outlet.send(make(value, outlet)));
}

/** A class of an application's own. */
class DerivedError extends ApplicationError {}

const FLOOD_BYTES = 64 * 1024;

const pair = struct('Pair', { a: { type: int }, b: { type: { type: 'Union', of: [str, none] }, default: null } });

const checked = struct('Checked', {
  n: { type: int, constraints: [bounds.gt(5), (value) => (value === 13 ? 'thirteen is not allowed' : undefined)] },
  m: { type: int, default: 5, constraints: [bounds.ge(5)] },
});

const bounded = struct('Bounds', {
  gt: { type: int, default: 6, constraints: [bounds.gt(5)] },
  ge: { type: int, default: 5, constraints: [bounds.ge(5)] },
  lt: { type: int, default: 4, constraints: [bounds.lt(5)] },
  le: { type: int, default: 5, constraints: [bounds.le(5)] },
});

const items = struct('Items', {
  xs: { type: { type: 'list', of: int, each: bounds.le(5) }, default: [] },
  by: { type: { type: 'dict', of: int, each: bounds.le(5) }, default: {} },
});

/** What each procedure of cases/swill/services.yaml does. */
export const procedures: ReadonlyMap<string, Procedure> = new Map(
  Object.entries({
    sum: answer(listOf(int), int, (value: number[]) => value.reduce((total, n) => total + n, 0)),
    add: answer({ type: 'tuple', of: [int, int] }, int, ([a = 0, b = 0]: number[]) => a + b),
    sleep: one('single-single', float, str, (seconds: number, outlet) =>
      outlet.after(seconds * 1000, () => outlet.send(`slept ${seconds}`)),
    ),
    nothing: answer(none, none, () => null),
    untyped: answer(none, any, (value: unknown) => value),
    anything: answer({ type: 'Unknown' }, { type: 'Unknown' }, (value: unknown) => value),
    bad_return: answer(int, int, () => 'text'),
    generates: answer(int, int, (n: number) => [n].values()),
    'pkg.named': answer(pair, listOf(pair), (value: unknown) => [value]),
    lines: one('single-stream', int, str, (n: number, outlet) => {
      for (let i = 0; i < itemsWithin(n); i += 1) outlet.send(`l${i}`);
      outlet.finish();
    }),
    ticks: one('single-stream', float, int, (seconds: number, outlet) => {
      const tick = (n: number): void => {
        outlet.send(n);
        outlet.after(seconds * 1000, () => tick(n + 1));
      };
      tick(0);
    }),
    stuck: one('single-stream', int, int, (value: number, outlet) => outlet.send(value)),
    flood: one('single-stream', int, bytes, (n: number, outlet) => {
      for (let i = 0; i < itemsWithin(n, FLOOD_BYTES); i += 1) outlet.send(new Uint8Array(FLOOD_BYTES).fill(i));
      outlet.finish();
    }),
    total: collecting('stream-single', (all, outlet) => outlet.send(all.reduce((total, n) => total + n, 0))),
    hold: collecting('stream-single', (all, outlet) => outlet.after(300, () => outlet.send(all)), listOf(int)),
    early: streaming('stream-single', int, int, (outlet) => ({ message: (value) => outlet.send(value), ended: () => outlet.send(0) })),
    echo: streaming('stream-stream', int, int, (outlet) => {
      outlet.trail({ m: outlet.metadata });
      return { message: (value) => outlet.send(value), ended: () => outlet.finish() };
    }),
    echo_blob: answer(bytes, bytes, (value: Uint8Array) => value),
    fail: one('single-single', int, none, (code: number, outlet) => outlet.fail({ code, message: 'custom' })),
    fail_sub: answer(int, none, (code: number) => {
      throw new DerivedError({ code, message: 'custom' });
    }),
    fail_data: answer(any, none, (data: unknown) => {
      throw new ApplicationError({ code: 409, message: 'custom', data });
    }),
    boom: answer(int, none, () => {
      throw new Error('secret');
    }),
    error_mid: one('single-stream', int, int, (value: number, outlet) => {
      outlet.send(value);
      outlet.fail({ code: 409, message: 'custom' });
    }),
    close_me: one('single-single', int, none, (_value: number, outlet) => outlet.close(4000, 'bye')),
    checked: answer(checked, int, ({ n }: { n: number }) => n),
    bounds: answer(bounded, int, () => 1),
    items: answer(items, int, () => 1),
    meta_echo: answer(int, { type: 'dict', of: any }, (_value: number, outlet) => outlet.metadata),
    meta_both: one('single-single', int, int, (value: number, outlet) => {
      outlet.lead({ lead: 1 }, 'with-data');
      outlet.trail({ trail: 2 });
      outlet.send(value);
    }),
    lead_single: one('single-single', int, int, (value: number, outlet) => {
      outlet.lead({ lead: 1 }, 'now');
      outlet.send(value);
    }),
    lead_now: one('single-stream', int, int, (value: number, outlet) => {
      outlet.lead({ lead: 1 }, 'now');
      outlet.send(value);
      outlet.finish();
    }),
    lead_with: one('single-stream', int, int, (value: number, outlet) => {
      outlet.lead({ lead: 1 }, 'with-data');
      outlet.send(value);
      outlet.send(value + 1);
      outlet.trail({ trail: 2 });
      outlet.finish();
    }),
    lead_empty: one('single-stream', int, int, (_value: number, outlet) => {
      outlet.lead({ lead: 1 }, 'with-data');
      outlet.finish();
    }),
    lead_late: one('single-stream', int, int, (value: number, outlet) => {
      outlet.send(value);
      outlet.lead({ lead: 1 }, 'with-data');
      outlet.finish();
    }),
    lead_twice: one('single-stream', int, int, (value: number, outlet) => {
      outlet.lead({ lead: 1 }, 'now');
      outlet.lead({ lead: 2 }, 'now');
      outlet.send(value);
      outlet.finish();
    }),
    whoami: answer(none, str, (_value: null, outlet) => outlet.connection.id),
    http_info: answer(none, { type: 'dict', of: { type: 'Union', of: [str, none] } }, (_value: null, { connection }) => ({
      cookie: connection.header('cookie') ?? null,
      'x-test': connection.header('x-test') ?? null,
    })),
    'swill.hidden': answer(none, none, () => null),
  }),
);

function streaming(kind: 'stream-single' | 'stream-stream', request: Type, response: Type, run: Procedure['run']): Procedure {
  return { kind, request, response, run };
}

/** A procedure that waits for the end of its items. */
function collecting(kind: 'stream-single', act: (all: readonly number[], outlet: Outlet) => void, response: Type = int): Procedure {
  return streaming(kind, int, response, (outlet) => {
    const all: number[] = [];
    return { message: (value: number) => void all.push(value), ended: () => act(all, outlet) };
  });
}
