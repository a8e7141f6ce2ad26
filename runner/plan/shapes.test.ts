import { beforeAll, describe, expect, test } from 'vitest';
import type { LoadedCase } from '../cases/case.ts';
import { caseParser } from '../cases/parse.ts';
import { loadServices } from '../cli/load.ts';
import { beyondShapes } from './shapes.ts';

let parse: (steps: string) => LoadedCase;
beforeAll(async () => {
  const { protocol, corpus } = await loadServices('river');
  const parser = caseParser(protocol, corpus);
  parse = (steps) => {
    const outcome = parser(
      't.yaml',
      'river/t',
      `title: A case of the tests\nrequirements: [RIVER-SEQ-10]\nunder-test: client\nsteps:\n${steps}`,
    );
    if (!outcome.ok) throw new Error(outcome.problems.map(({ message }) => message).join('\n'));
    return outcome.case;
  };
});

const upload = '  - invoke: { as: sum, procedure: uploadable.addMultiple }\n';
const read = '  - receive: { from: sum, ok: { result: 0 } }\n';

describe('an API of that shape', () => {
  test('that gives a result to who closes shows nothing of calls that are left open', () => {
    const shapes = ['result-by-closing'] as const;
    expect(beyondShapes(parse(`${upload}${read}`), shapes, { upload: { says: '', singleResult: true } })).toContain(
      'closes its request side',
    );
    expect(beyondShapes(parse(`${upload}  - finish: sum\n${read}`), shapes, { upload: { says: '', singleResult: true } })).toBeUndefined();
    expect(beyondShapes(parse(`${upload}${read}`), shapes, {})).toBeUndefined();
  });

  test('with one integer type tells small big integers from nothing, and large ones still', () => {
    const sent = (digits: string) =>
      parse(`  - invoke: { as: any, procedure: echo.any, init: { $bigint: "${digits}" } }\n  - end: { of: any, whatever: true }\n`);
    expect(beyondShapes(sent('5'), ['one-integer-type'], {})).toContain('one type for integers');
    expect(beyondShapes(sent('18446744073709551616'), ['one-integer-type'], {})).toBeUndefined();
  });

  test('with one integer type gives a whole number beyond 53 bits back as a big integer, where JSON has its digits', () => {
    const echoed = (sent: string, read: string) =>
      parse(`  - invoke: { as: any, procedure: echo.any, init: ${sent} }\n  - receive: { from: any, ok: { value: ${read} } }\n`);
    expect(beyondShapes(echoed('9007199254740994', '[{ a: 9007199254740994 }]'), ['one-integer-type'], {})).toContain(
      'one type for integers',
    );
    expect(beyondShapes(echoed('-9007199254740994', '-9007199254740994'), ['one-integer-type'], {})).toContain('one type for integers');
    for (const read of ['9007199254740991', '1.0e+21', '0.5', 'any']) {
      expect(beyondShapes(echoed('9007199254740994', read), ['one-integer-type'], {})).toBeUndefined();
    }
  });

  test('with one metadata value cannot change it', () => {
    const values = (list: string) => parse(`  - connect: { metadata: ${list} }\n  - opened: {}\n`);
    expect(beyondShapes(values('[{ token: a }, { token: b }]'), ['one-metadata'], {})).toContain('one metadata value');
    expect(beyondShapes(values('[{ token: a }]'), ['one-metadata'], {})).toBeUndefined();
  });
});
