import { useMemo } from 'preact/hooks';
import { named } from '../../../runner/results/named.ts';
import { onlySometimes } from '../../../runner/results/only-sometimes.ts';
import type { CaseRun } from '../../../runner/results/result.ts';
import { type Evidence, rowsOfSteps } from '../../model/evidence.ts';
import { maskedSays } from '../../model/masked.ts';
import type { Entry } from '../../model/rows-of-runs.ts';
import { soundSays } from '../../model/sound.ts';
import { count } from '../../model/text.ts';
import type { Sources } from '../../page.ts';
import { Command } from '../parts/copy.tsx';
import { Plain } from '../parts/plain.tsx';
import { CaseFile } from './case-file.tsx';
import { Findings } from './findings.tsx';

/** What happened, in words: findings and rules, the case with the failed step, what else is known, and how to repeat it. */
export function Story({
  entry,
  opened,
}: {
  readonly entry: Entry;
  readonly opened: { readonly run: CaseRun; readonly sources: Sources | undefined; readonly evidence: Evidence | undefined };
}) {
  const { run, sources, evidence } = opened;
  const stepRows = useMemo(() => rowsOfSteps(evidence), [evidence]);
  const sound = soundSays(run);
  const masked = useMemo(() => maskedSays(run, sources, evidence), [run, sources, evidence]);
  const { words, folder } = entry.set;
  const prefix = folder === '' ? '' : `${folder}/`;
  const others = run.requirements.filter((id) => !run.findings.some(({ requirement }) => requirement === id));
  return (
    <div class="story">
      {run.expected === 'known-failure' ? (
        <p class="notice">
          Known failure: <Plain>{run.knownReason ?? ''}</Plain>
        </p>
      ) : null}
      {run.expected === 'stale-known-failure' ? (
        <p class="notice v-fail">
          It passes, but known-failures lists it: <Plain>{run.knownReason ?? ''}</Plain>. Remove the entry.
        </p>
      ) : null}
      {run.skipReason === undefined ? null : (
        <p class="notice">
          Skipped: <Plain>{run.skipReason}</Plain>
        </p>
      )}
      {run.apart === undefined ? null : <p class="notice v-fail">{onlySometimes(run.apart)}</p>}
      {run.confirmed === false && run.apart === undefined ? (
        <p class="notice">A second run, apart, gave another verdict than the first; this is the second.</p>
      ) : null}
      {sound === undefined ? null : <p class="notice">{sound}</p>}
      {run.findings.length === 0 ? null : <Findings run={run} set={entry.set} stepRows={stepRows} />}
      {masked === undefined ? null : <p class="dim masked">{masked}</p>}
      {sources === undefined ? null : <CaseFile sources={sources} run={run} stepRows={stepRows} />}
      <section>
        <h2>Again</h2>
        {[...commandsOf(run, prefix)].map(([text, says]) => (
          <Command key={text} says={says} text={text} />
        ))}
        {run.trace === undefined ? null : (
          <p class="dim">
            trace <code>{prefix + run.trace}</code>
          </p>
        )}
      </section>
      {others.length === 0 ? null : (
        <section>
          <h2>{run.findings.length === 0 ? 'Rules it tests' : 'Other rules it tests'}</h2>
          <dl class="rules-of">
            {others.map((id) => (
              <>
                <dt key={id}>
                  <a href={`#view=rules&rule=${id}`}>{id}</a> <span class="level">{named(words.requirements, id)?.level}</span>
                </dt>
                <dd key={`${id} text`}>{named(words.requirements, id)?.text ?? 'not in the catalogue'}</dd>
              </>
            ))}
          </dl>
        </section>
      )}
      {run.variations.length === 0 ? null : (
        <section>
          <h2>Liberties taken</h2>
          <p class="dim">It differs from the golden trace in what the protocol allows:</p>
          <dl class="rules-of">
            {run.variations.map((name) => (
              <>
                <dt key={name}>
                  {name} <span class="level">{named(words.variations, name)?.allowedBy}</span>
                </dt>
                <dd key={`${name} text`}>{named(words.variations, name)?.describe}</dd>
              </>
            ))}
          </dl>
        </section>
      )}
      {run.stderr === undefined || run.stderr.trim() === '' ? null : (
        <section>
          <details>
            <summary>
              <h2>
                stderr of the adapter <span class="dim">{count(run.stderr.trim().split('\n').length, 'line')}</span>
              </h2>
            </summary>
            <pre class="stderr" tabIndex={0}>
              <Plain>{run.stderr.trim()}</Plain>
            </pre>
          </details>
        </section>
      )}
    </div>
  );
}

/** What repeats a run or judges it again, each command once: of a trace or a bundle that is looked at alone, the first is one of the others. */
function commandsOf({ reproduce, bundle }: CaseRun, prefix: string): ReadonlyMap<string, string> {
  const commands = new Map([[reproduce, reproduce.startsWith('npx weir check ') ? JUDGE : 'run it again']]);
  if (bundle === undefined) return commands;
  const file = shellWord(prefix + bundle);
  return commands.set(`npx weir replay ${file}`, 'repeat it from what it left').set(`npx weir check ${file}`, JUDGE);
}

const JUDGE = 'judge it by today’s rules';

/** A word as a shell takes it. */
function shellWord(text: string): string {
  return /^[\w@+.:/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
