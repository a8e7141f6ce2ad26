import { itemsWithin } from '../../protocols/common/limits.ts';
import { isCode } from '../../protocols/connect/codes.ts';
import { type Detail, detailOf, failure } from '../../protocols/connect/errors.ts';
import { splitFields } from '../../protocols/connect/metadata.ts';
import { procedures, type Value } from '../../protocols/connect/schema.ts';
import type { Behaviour, Hosted, Outlet } from './handler.ts';

/** A message of the test services, its members looked at one by one: those without a value are not there. */
type Members = Readonly<Record<string, unknown>>;

function membersOf(value: Value): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

const text = (members: Members, name: string): string => (typeof members[name] === 'string' ? members[name] : '');
const number = (members: Members, name: string): number => (typeof members[name] === 'number' ? members[name] : 0);

/** A procedure with one request. */
function one(answer: (members: Members, outlet: Outlet) => void): Behaviour {
  return (outlet) => ({ request: (value) => answer(membersOf(value), outlet), closed() {} });
}

const echo = one((members, outlet) => {
  outlet.send(members);
  outlet.finish();
});

const fail = one((members, outlet) => {
  const code = text(members, 'code');
  const details = Array.isArray(members['details']) ? members['details'] : [];
  const made = details.map((detail): Detail => detailOf('weir.v1.Say', detail));
  outlet.finish(failure(isCode(code) ? code : 'unknown', text(members, 'message'), made));
});

const wait = one((members, outlet) => {
  outlet.after(number(members, 'ms'), () => {
    outlet.send({ text: text(members, 'text') });
    outlet.finish();
  });
});

const left = one((_members, outlet) => {
  const ms = outlet.left();
  outlet.send(ms === undefined ? {} : { number: String(Math.max(0, Math.floor(ms))) });
  outlet.finish();
});

const count = one((members, outlet) => {
  const [to, pauseMs, code] = [itemsWithin(number(members, 'to')), number(members, 'pauseMs'), text(members, 'code')];
  const end = (): void => outlet.finish(isCode(code) ? failure(code, text(members, 'message')) : undefined);
  const next = (first: number): void => {
    outlet.after(pauseMs, () => {
      // What no pause parts goes in one loop: each inside the one before would be too deep for thousands.
      const last = pauseMs === 0 ? to : first;
      for (let n = first; n <= last; n += 1) {
        outlet.send({ n });
      }
      if (last < to) next(last + 1);
      else end();
    });
  };
  if (to < 1) end();
  else next(1);
});

const sum: Behaviour = (outlet) => {
  const all: number[] = [];
  return {
    request: (value) => void all.push(number(membersOf(value), 'n')),
    closed() {
      outlet.send({ sum: all.reduce((total, n) => total + n, 0), count: all.length });
      outlet.finish();
    },
  };
};

const chat: Behaviour = (outlet) => {
  const all: Value[] = [];
  return {
    request: (value) => void all.push(value),
    closed() {
      for (const value of all) outlet.send(value);
      outlet.finish();
    },
  };
};

const unmade: Behaviour = (outlet) => ({
  request: () => outlet.finish(failure('unimplemented', 'nobody has made it')),
  closed() {},
});

/**
 * What every handler does besides: of the call's metadata, names in `x-` come back before the messages and names in `t-` behind them,
 * and whoever waits for an answer that takes long sees that it begins.
 */
function repeating(behaviour: Behaviour): Behaviour {
  return (outlet) => {
    const all = Object.entries(splitFields(outlet.said.head.fields).leading);
    outlet.beside({
      leading: Object.fromEntries(all.filter(([name]) => name.startsWith('x-'))),
      trailing: Object.fromEntries(all.filter(([name]) => name.startsWith('t-'))),
    });
    outlet.begin();
    return behaviour(outlet);
  };
}

/** What each procedure does, as cases/connect/services.yaml says. */
const behaviours: Readonly<Record<string, Behaviour>> = {
  'weir.v1.Test/Echo': echo,
  'weir.v1.Test/Fetch': echo,
  'weir.v1.Test/Fail': fail,
  'weir.v1.Test/FetchFail': fail,
  'weir.v1.Test/Wait': wait,
  'weir.v1.Test/Left': left,
  'weir.v1.Test/Unmade': unmade,
  'weir.v1.Test/Count': count,
  'weir.v1.Test/Sum': sum,
  'weir.v1.Test/Chat': chat,
};

/** The test services. */
export const testServices: Hosted = {
  procedures,
  behaviours: Object.fromEntries(Object.entries(behaviours).map(([name, behaviour]) => [name, repeating(behaviour)])),
};
