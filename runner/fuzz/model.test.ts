import { describe, expect, test } from 'vitest';
import { Model } from './model.ts';
import type { Draw } from './scenario.ts';
import { field } from './testing/field.ts';
import type { ProcedureWords } from './words.ts';

const { words } = (await field()).plan(1, 1);
const { words: texts } = (await field('rsocket')).plan(1, 1);
const { words: connect } = (await field('connect')).plan(1, 1);
const draw = (integer: number): Draw => ({
  integer,
  number: 0,
  count: 0,
  flag: false,
  text: `t${integer}`,
  bytes: { $bytes: '' },
  value: 'v',
});
const named = (name: string, among = words): ProcedureWords => {
  const found = among.procedures.find(({ procedure }) => procedure === name);
  if (found === undefined) throw new Error(name);
  return found;
};

describe('the model', () => {
  test('remembers what a server remembers, for each server one thing', () => {
    const model = new Model(words);
    expect(model.invoke('a', 'main', named('test.add'), draw(3)).unread).toEqual([{ ok: { result: 3 } }]);
    expect(model.invoke('b', 'main', named('test.add'), draw(4)).unread).toEqual([{ ok: { result: 7 } }]);
    model.invoke('c', 'main', named('ordering.add'), draw(2));
    model.invoke('d', 'main', named('ordering.add'), draw(1));
    expect(model.invoke('e', 'main', named('ordering.getAll'), draw(0)).unread).toEqual([{ ok: { msgs: { $exactly: [2, 1] } } }]);
  });

  test('keeps calls that share something on one client, where there is an order', () => {
    const model = new Model(words);
    expect(model.invoke('a', 'main', named('test.add'), draw(1)).client).toBe('main');
    expect(model.invoke('b', 'other', named('test.add'), draw(1)).client).toBe('main');
    expect(model.invoke('c', 'other', named('test.echo'), draw(1)).client).toBe('other');
  });

  test('tells subscribers of every change', () => {
    const model = new Model(words);
    const watch = model.invoke('a', 'main', named('subscribable.value'), draw(0));
    model.invoke('b', 'main', named('subscribable.add'), draw(5));
    expect(watch.unread).toEqual([{ ok: { count: 0 } }, { ok: { count: 5 } }]);
    expect(watch.state).toBe('open');
  });

  test('lets what was given up end as it likes, where no rule says how', () => {
    const model = new Model({ ...words, cancelled: null });
    const call = model.invoke('a', 'main', named('subscribable.value'), draw(0));
    call.unread.shift();
    model.cancel(call);
    expect([call.state, call.unread]).toEqual(['lost', []]);
  });

  test('lets a handler see metadata in the forms that it may have', () => {
    const model = new Model(connect);
    const echo = connect.procedures.find((each) => each['heard-metadata'] !== undefined);
    if (echo === undefined) throw new Error('there is none');
    model.invoke('a', 'main', echo, draw(0));
    expect(model.heard).toMatchObject([{ event: 'started', metadata: { 'x-a': { $oneOf: expect.anything() } } }]);
  });

  test('adds up what a call was sent, and ends it with its requests', () => {
    const model = new Model(words);
    const call = model.invoke('a', 'main', named('uploadable.addMultiple'), draw(0));
    expect(model.send(call, 0, draw(2))).toEqual({ n: 2 });
    model.send(call, 0, draw(3));
    expect(call.unread).toEqual([]);
    model.finish(call);
    expect(call.unread).toEqual([{ ok: { result: 5 } }]);
    expect(call.state).toBe('over');
    expect(model.heard.map(({ event }) => event)).toEqual(['started', 'request', 'request', 'requests-closed']);
  });

  test('ends an abandoned call with the error of its caller, unless an answer is on its way', () => {
    const model = new Model(words);
    const quiet = model.invoke('a', 'main', named('test.echo'), draw(0));
    model.cancel(quiet);
    expect([quiet.state, quiet.unread]).toEqual(['over', [{ error: words.cancelled }]]);
    const busy = model.invoke('b', 'main', named('test.echo'), draw(0));
    model.send(busy, 0, draw(1));
    model.cancel(busy);
    expect(busy.state).toBe('lost');
  });

  test('writes numbers and lists as texts where values are such', () => {
    const model = new Model(texts);
    expect(model.invoke('a', 'main', named('count', texts), draw(3)).init).toBe('3');
    expect(model.invoke('b', 'main', named('count', texts), draw(-5)).unread).toEqual([{ ok: '-2' }]);
    model.invoke('c', 'main', named('log', texts), draw(1));
    model.invoke('d', 'main', named('log', texts), draw(2));
    expect(model.invoke('e', 'main', named('logged', texts), draw(0)).unread).toEqual([{ ok: 't1,t2' }]);
  });

  test('reads beside a value what goes with it', () => {
    const both = texts.procedures.find(({ procedure, metadata }) => procedure === 'echo' && metadata !== undefined);
    if (both === undefined) throw new Error('none has metadata');
    const call = new Model(texts).invoke('a', 'main', both, draw(3));
    expect([call.metadata, call.unread]).toEqual(['3', [{ ok: 't3', metadata: '3' }]]);
  });

  test('reads the items of a list that a call has gathered', () => {
    const chat = connect.procedures.find(({ procedure }) => procedure === 'weir.v1.Test/Chat');
    if (chat === undefined) throw new Error('there is no Chat');
    const model = new Model(connect);
    const call = model.invoke('a', 'main', chat, draw(1));
    const sent = [model.send(call, 0, draw(1)), model.send(call, 0, draw(2))];
    model.finish(call);
    expect(call.unread).toEqual(sent.map((request) => ({ ok: { $exactly: request } })));
    expect(() => model.invoke('b', 'main', { ...chat, 'on-init': { ...chat['on-init'], each: 'none' } }, draw(1))).toThrow(
      /none is no list/,
    );
  });

  test('asks nobody to have heard of a call without a value before it sends something: its client may keep it until then', () => {
    const sum = connect.procedures.find(({ procedure }) => procedure === 'weir.v1.Test/Sum');
    if (sum === undefined) throw new Error('there is no Sum');
    const model = new Model(connect);
    model.invoke('a', 'main', sum, draw(1));
    expect(model.heard).toEqual([]);
    model.send(model.invoke('b', 'main', sum, draw(1)), 0, draw(1));
    model.finish(model.invoke('c', 'main', sum, draw(1)));
    expect(model.heard.map(({ call, event }) => `${call.name} ${event}`)).toEqual([
      'b started',
      'b request',
      'c started',
      'c requests-closed',
    ]);
  });

  test('asks nobody to have heard of what may never have been sent', () => {
    const model = new Model(texts);
    model.invoke('a', 'main', named('never', texts), draw(3));
    const gone = model.invoke('b', 'main', named('never', texts), draw(3));
    model.cancel(gone);
    expect(model.heard.map(({ call, event }) => `${call.name} ${event}`)).toEqual(['a started']);
  });

  test('knows nothing of a store that a lost call without an answer may have changed', () => {
    const model = new Model(texts);
    model.invoke('a', 'main', named('log', texts), draw(1));
    model.lose(() => true);
    expect(model.invoke('b', 'main', named('logged', texts), draw(0)).unread).toEqual([{ ok: 'any' }]);
  });

  test('knows nothing any more of what was under way when a session was lost', () => {
    const model = new Model(words);
    const call = model.invoke('a', 'main', named('test.add'), draw(3));
    model.lose(() => true);
    expect(call.state).toBe('lost');
    expect(model.invoke('b', 'main', named('test.add'), draw(3)).unread).toEqual([{ ok: { result: 'any' } }]);
    expect(model.heard.map((heard) => heard.call.name)).toEqual(['b']);
  });
});
