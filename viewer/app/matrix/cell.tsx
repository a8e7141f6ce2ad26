import { type Tally, type Trouble, troubleOf } from '../../../runner/results/matrix-tally.ts';
import { SHAPES } from '../../model/verdict.ts';

/** The shape and the class of each kind of trouble: those of the verdicts, so that pages speak alike. */
export const TROUBLE_MARKS: Readonly<Record<Trouble, readonly [shape: string, name: string, says: string]>> = {
  fail: [SHAPES.fail, 'v-fail', 'a MUST is broken'],
  warn: [SHAPES.warn, 'v-warn', 'a SHOULD is broken'],
  question: [SHAPES.question, 'v-question', 'a disputed rule is broken: a question'],
  flaky: ['≈', 'v-warn', 'not always the same verdict'],
  error: [SHAPES.error, 'v-error', 'an error, or unclear'],
};

/** What a cell shows: the share that passed, and a mark for each kind of trouble. */
export function Cell({ tally }: { readonly tally: Tally }) {
  const trouble = troubleOf(tally);
  if (tally.judged === 0 && trouble.length === 0) {
    return (
      <span class="v-skip" aria-hidden="true">
        {tally.skip > 0 ? '–' : '·'}
      </span>
    );
  }
  const share = tally.judged === 0 ? '' : `${Math.floor((tally.pass * 100) / tally.judged)}`;
  const [worst] = trouble;
  return (
    <span aria-hidden="true" class={`share ${worst === undefined ? 'v-pass' : TROUBLE_MARKS[worst][1]}`}>
      {worst === undefined ? <span class="shape">{SHAPES.pass}</span> : null}
      {trouble.map((kind) => (
        <span key={kind} class={`shape ${TROUBLE_MARKS[kind][1]}`}>
          {TROUBLE_MARKS[kind][0]}
        </span>
      ))}
      <span class="figure">{share}</span>
    </span>
  );
}

/** What the marks mean. */
export function Legend() {
  return (
    <ul class="legend">
      <li>
        <span class="shape v-pass">{SHAPES.pass}</span> all passed
      </li>
      {Object.entries(TROUBLE_MARKS).map(([kind, [shape, name, says]]) => (
        <li key={kind}>
          <span class={`shape ${name}`}>{shape}</span> {says}
        </li>
      ))}
      <li>
        <span class="v-skip">–</span> not supported
      </li>
      <li>
        <span class="v-skip">·</span> not run
      </li>
      <li class="dim">Figures: per cent that passed of what came to a verdict, rounded down. Known failures count like any.</li>
    </ul>
  );
}
