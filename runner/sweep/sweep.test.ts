import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { SERVER_NAME } from '../../protocols/common/instance.ts';
import { OF_A_CONNECTION, sweepKinds } from '../../protocols/common/promises.ts';
import { river } from '../../protocols/river/protocol.ts';
import type { LoadedCase } from '../cases/case.ts';
import { caseParser } from '../cases/parse.ts';
import { type TextPlayer, textPlayer } from '../execute/testing/play-text.ts';
import { canBeTold, deriveCase, isNominal, kindsOf, PATIENT_MS, spread, variantName, variantsOf } from './derive.ts';
import { parseSweep } from './expand.ts';

const text = (steps: string): string =>
  `title: A case of the tests\nrequirements: [RIVER-STREAM-RPC-02, RIVER-STREAM-RPC-01]\nunder-test: [client, server]\nsteps:\n${steps}`;
const nominal = text(
  '  - invoke: { as: sum, procedure: test.add, init: { n: 4 } }\n  - receive: { from: sum, ok: { result: 4 } }\n  - end: sum\n',
);

let player: TextPlayer;
let parse: (yaml: string) => LoadedCase;
beforeAll(async () => {
  player = await textPlayer();
  const parser = caseParser(river, player.corpus);
  parse = (yaml) => {
    const parsed = parser('test.yaml', 'river/test', yaml);
    if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
    return parsed.case;
  };
});

describe('variants of a case', () => {
  test('are every kind at every frame of both ends, but no repeated handshake', async () => {
    const { performance } = await player.play(nominal);
    const names = variantsOf(performance.trace, sweepKinds, river).map(variantName);
    expect(names).toContain('cut-inside:client:1');
    expect(names).toContain('duplicate:client:2');
    expect(names).not.toContain('duplicate:client:1');
    expect(names).toHaveLength(4 * sweepKinds.length - 2);
    expect(new Set(names).size).toBe(names.length);
  });

  test('strike at the first frame and the last, in order, at each where there are few, and do not grow as a square', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (frames) => {
        const struck = spread(frames);
        expect([struck[0], struck.at(-1)]).toEqual([0, frames - 1]);
        expect(struck).toEqual([...new Set(struck)].sort((a, b) => a - b));
        if (frames <= 44) expect(struck).toHaveLength(frames);
        expect(struck.length * frames).toBeLessThanOrEqual(Math.max(2000, 6 * frames));
      }),
    );
    expect(spread(0)).toEqual([]);
  });

  test('are derived only from cases in which applications call and read', () => {
    expect(isNominal(parse(nominal))).toBe(true);
    const call = '  - invoke: { as: sum, procedure: test.add, init: { n: 4 } }\n';
    for (const step of [
      'fault: cut',
      'await: { wire: { from: client } }',
      'quiet: { for: 500, no-close: true }',
      'cancel: sum',
      'connect: { options: { x: 1 } }',
      'connect: { metadata: [a, b] }',
    ]) {
      expect(
        isNominal(
          parse(
            text(`${step.startsWith('connect') ? '' : call}  - ${step}\n${step.startsWith('connect') ? call : ''}  - end: { of: sum }\n`),
          ),
        ),
      ).toBe(false);
    }
  });

  test('arm their fault first, keep what the application must see, and drop what only an undisturbed wire shows', () => {
    const derived = deriveCase(parse(nominal), { kind: 'cut-before', from: 'server', nth: 2 }, river);
    expect(derived).toMatchObject({ id: 'river/test~cut-before:server:2', trace: 'free', expect: [] });
    expect(derived.steps.map(({ action }) => action.kind)).toEqual(['fault', 'invoke', 'receive', 'end']);
    // An ordered stream loses no single frame: what follows is lost with it.
    const dropped = deriveCase(parse(nominal), { kind: 'drop', from: 'server', nth: 1 }, river);
    expect(dropped.steps[0]?.action).toEqual({ kind: 'fault', fault: { stall: { frame: { from: 'server' }, nth: 1 } } });
    const outage = deriveCase(parse(nominal), { kind: 'outage', from: 'server', nth: 2 }, river);
    expect(outage.steps.map(({ action }) => action.kind)).toEqual(['fault', 'invoke', 'end']);
    expect(outage.steps.at(-1)?.action).toMatchObject({ whatever: true });
  });
});

describe('a protocol that promises less', () => {
  const less = { promises: OF_A_CONNECTION };

  test('is not asked to bridge a lost connection: calls are told, and that is all', () => {
    const cut = deriveCase(parse(nominal), { kind: 'cut-after', from: 'client', nth: 2 }, less);
    expect(cut.steps.map(({ action }) => action.kind)).toEqual(['fault', 'invoke', 'end']);
    expect(cut.steps.at(-1)?.action).toMatchObject({ whatever: true, within: PATIENT_MS });
    const split = deriveCase(parse(nominal), { kind: 'split', from: 'client', nth: 2 }, less);
    expect(split.steps.map(({ action }) => action.kind)).toEqual(['fault', 'invoke', 'receive', 'end']);
  });

  test('nor need it be told of a call before its own limit', () => {
    const slow = { ...less, callLimitMs: 30_000 };
    const cut = deriveCase(parse(nominal), { kind: 'cut-before', from: 'server', nth: 1 }, slow);
    expect(cut.steps.at(-1)?.action).toMatchObject({ whatever: true, within: PATIENT_MS + 30_000 });
    const split = deriveCase(parse(nominal), { kind: 'split', from: 'server', nth: 1 }, slow);
    expect(split.steps.at(-1)?.action).toMatchObject({ within: PATIENT_MS });
  });

  test('is told nothing of by a case without an end, or whose server calls over the connection that is lost', () => {
    expect(canBeTold(parse(nominal))).toBe(true);
    const endless = text('  - invoke: { as: sum, procedure: test.add, init: { n: 4 } }\n  - receive: { from: sum, ok: { result: 4 } }\n');
    expect(canBeTold(parse(endless))).toBe(false);
    const whole = parse(nominal);
    const ofTheServer = whole.steps.map((step) =>
      step.action.kind === 'invoke' ? { ...step, action: { ...step.action, at: SERVER_NAME } } : step,
    );
    expect(canBeTold({ ...whole, steps: ofTheServer })).toBe(false);
  });

  test('is not tried with what means nothing to it', () => {
    expect(kindsOf(less)).toEqual(['cut-before', 'cut-inside', 'cut-after', 'split', 'outage']);
    expect(kindsOf({})).toEqual(kindsOf(less));
    expect(kindsOf({ promises: { silence: 'told' } })).toEqual([]);
    expect(kindsOf(river)).toEqual([...sweepKinds]);
  });
});

describe('the words after --sweep', () => {
  test('are kinds and single variants', () => {
    expect(parseSweep(['drop', 'cut-inside:server:12'])).toEqual({ ok: true, kinds: ['drop'], variants: ['cut-inside:server:12'] });
  });

  test.each(['dorp', 'drop:client', 'drop:peer:1', 'drop:client:0'])('%s is refused', (word) => {
    expect(parseSweep([word])).toMatchObject({ ok: false, problem: expect.stringContaining(`not ${word}`) });
  });
});
