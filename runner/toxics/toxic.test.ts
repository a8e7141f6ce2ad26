import { describe, expect, test } from 'vitest';
import { scaleToxic } from './scale.ts';
import { describeToxic, type ToxicCommand, toxicGrammar } from './toxic.ts';

const parse = (written: unknown): ToxicCommand => toxicGrammar.parse(written);

describe('the grammar', () => {
  test.each([
    ['latency', { latency: 0, jitter: 0 }],
    ['bandwidth', { rate: 0 }],
    ['slow_close', { delay: 0 }],
    ['timeout', { timeout: 0 }],
    ['reset_peer', { timeout: 0 }],
    ['limit_data', { bytes: 0 }],
  ])('%s has the defaults of Toxiproxy', (type, attributes) => {
    expect(parse({ add: { type } })).toEqual({
      kind: 'add',
      toxic: { type, stream: 'downstream', toxicity: 1, attributes, name: `${type}_downstream` },
    });
  });

  test('a slicer needs a size; its variation and delay are 0', () => {
    expect(parse({ add: { type: 'slicer', stream: 'upstream', attributes: { average_size: 5 } } })).toMatchObject({
      kind: 'add',
      toxic: { name: 'slicer_upstream', attributes: { average_size: 5, size_variation: 0, delay: 0 } },
    });
  });

  test.each([
    'sideways',
    { add: { type: 'lag' } },
    { add: { type: 'latency', attributes: { delay: 5 } } },
    { add: { type: 'latency', attributes: { latency: -1 } } },
    { add: { type: 'latency', attributes: { latency: 0.5 } } },
    { add: { type: 'latency', toxicity: 1.1 } },
    { add: { type: 'latency', stream: 'both' } },
    { add: { type: 'slicer' } },
    { add: { type: 'slicer', attributes: { average_size: 0 } } },
    { add: { type: 'slicer', attributes: { average_size: 10, size_variation: 10 } } },
    { add: { type: 'latency' }, remove: 'latency_downstream' },
    { remove: 1 },
    {},
  ])('%j is none', (written) => {
    expect(toxicGrammar.safeParse(written).success).toBe(false);
  });
});

describe('scaling', () => {
  const scaled = (type: string, attributes: object, timeScale: number) => {
    const command = scaleToxic(parse({ add: { type, attributes } }), timeScale);
    return command.kind === 'add' ? command.toxic.attributes : undefined;
  };

  test.each([
    ['latency', { latency: 100, jitter: 11 }, { latency: 20, jitter: 2 }],
    ['bandwidth', { rate: 3 }, { rate: 15 }],
    ['slow_close', { delay: 50 }, { delay: 10 }],
    ['timeout', { timeout: 50 }, { timeout: 10 }],
    ['reset_peer', { timeout: 50 }, { timeout: 10 }],
    ['slicer', { average_size: 10, size_variation: 5, delay: 50 }, { average_size: 10, size_variation: 5, delay: 10 }],
    ['limit_data', { bytes: 50 }, { bytes: 50 }],
  ])('%s %j', (type, attributes, expected) => {
    expect(scaled(type, attributes, 0.2)).toEqual(expected);
    expect(scaled(type, attributes, 1)).toEqual(attributes);
  });

  test('what is not 0 does not become 0, and 0 stays 0', () => {
    expect(scaled('timeout', { timeout: 1 }, 0.01)).toEqual({ timeout: 1 });
    expect(scaled('bandwidth', { rate: 1 }, 100)).toEqual({ rate: 1 });
    expect(scaled('latency', {}, 0.2)).toEqual({ latency: 0, jitter: 0 });
  });

  test.each(['down', 'up', { remove: 'x' }, { down: { of: 'main' } }])('%j has nothing to scale', (written) => {
    expect(scaleToxic(parse(written), 0.2)).toEqual(parse(written));
  });
});

test.each([
  ['down', 'down'],
  [{ up: { of: 'main' } }, 'up of main'],
  [{ remove: 'slow' }, 'remove slow'],
  [{ add: { type: 'latency', attributes: { latency: 5 }, name: 'slow' } }, 'add slow: latency 5, jitter 0'],
  [{ add: { type: 'timeout', toxicity: 0.5 } }, 'add timeout_downstream: timeout 0, toxicity 0.5'],
])('%j in one line', (written, line) => {
  expect(describeToxic(parse(written))).toBe(line);
});
