import { useState } from 'preact/hooks';
import { plain } from '../../../protocols/common/plain.ts';
import { FAULTS_PATH, type FaultAnswer, type FaultNews, type LiveFaults } from '../../live.ts';
import { standing } from '../../model/standing.ts';
import { count } from '../../model/text.ts';
import { Plain } from '../parts/plain.tsx';

/** What became of the fault that was asked for last. */
type Said = { readonly ok: boolean; readonly text: string };

/** Faults that the reader may let strike, those at work, and what they did. */
export function Faults({ faults, news, over }: { readonly faults: LiveFaults; readonly news: FaultNews; readonly over: boolean }) {
  const [said, setSaid] = useState<Said>();
  const [typed, setTyped] = useState('');
  const send = async (asked: Asked, done: string): Promise<boolean> => {
    const answer = await sent(asked, faults.token);
    setSaid(answer.ok ? { ok: true, text: done } : { ok: false, text: answer.why });
    return answer.ok;
  };
  const ask = (text: string): Promise<boolean> => send({ fault: text }, `asked for: ${text}`);
  return (
    <details class="faults" open>
      <summary>
        <h2>Faults</h2>{' '}
        <span class="dim">
          {news.armed.length === 0 ? 'none is at work' : `${count(news.armed.length, 'fault is', 'faults are')} at work`}
        </span>
      </summary>
      <div class="fault-buttons" role="group" aria-label="Faults to choose from">
        {faults.offered.map(({ text, says }) => (
          <button type="button" key={text} disabled={over} title={says === undefined ? undefined : text} onClick={() => void ask(text)}>
            {says ?? <span class="mono">{plain(text)}</span>}
          </button>
        ))}
      </div>
      <form
        class="fault-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim() !== '') void ask(typed).then((ok) => ok && setTyped(''));
        }}
      >
        <label>
          Another one, as cases write it{' '}
          <input
            type="text"
            class="mono"
            value={typed}
            maxLength={4000}
            placeholder="drop: { frame: { from: server }, nth: 2 }"
            spellcheck={false}
            autocomplete="off"
            aria-invalid={said?.ok === false}
            aria-describedby="fault-said"
            onInput={({ currentTarget }) => setTyped(currentTarget.value)}
          />
        </label>{' '}
        <button type="submit" disabled={over || typed.trim() === ''}>
          arm
        </button>
      </form>
      <div id="fault-said" role="status" class={said?.ok === false ? 'fault-refused' : 'dim'}>
        {said === undefined ? null : (
          <pre>
            {said.ok ? '' : '✕ '}
            <Plain>{said.text}</Plain>
          </pre>
        )}
      </div>
      {news.armed.length === 0 ? null : (
        <ul class="armed" aria-label="Faults at work">
          {news.armed.map((each) => (
            <li key={each.id}>
              <code>
                <Plain>{each.what}</Plain>
              </code>{' '}
              <span class="dim">{standing(each)}</span>{' '}
              <button
                type="button"
                disabled={over}
                aria-label={`lift ${plain(each.what)}`}
                onClick={() => void send({ lift: each.id }, `lifted: ${each.what}`)}
              >
                lift
              </button>
            </li>
          ))}
        </ul>
      )}
      {news.done.length === 0 ? null : (
        <ol class="fault-log" reversed aria-label="What faults did, the newest first">
          {news.done.toReversed().map(({ t, what }, i) => (
            <li key={news.done.length - i}>
              <span class="dim time">{(t / 1000).toFixed(3)} s</span> <Plain>{what}</Plain>
            </li>
          ))}
        </ol>
      )}
    </details>
  );
}

/** A fault that is to strike, or one at work that is to be lifted. */
type Asked = { readonly fault: string } | { readonly lift: number };

/** Asks the tap. Gives why it was refused, also where nobody answers. */
async function sent(asked: Asked, token: string): Promise<FaultAnswer> {
  try {
    const response = await fetch(FAULTS_PATH, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-weir-token': token },
      body: JSON.stringify(asked),
    });
    return (await response.json()) as FaultAnswer;
  } catch {
    return { ok: false, why: 'the tap cannot be reached' };
  }
}
