import { useMemo, useState } from 'preact/hooks';
import { plain } from '../../protocols/common/plain.ts';
import { entriesOf } from '../model/rows-of-runs.ts';
import type { Page } from '../page.ts';
import { linkTo, useAddress } from './address.ts';
import { CasePage } from './case/case-page.tsx';
import { KeyList } from './key-list.tsx';
import { useKeys } from './keys.ts';
import { RulesPage } from './start/rules-page.tsx';
import { StartPage } from './start/start-page.tsx';
import { chosenTheme, nextTheme, showTheme } from './theme.ts';

/** The whole page: its head, and the view that the address names. */
export function App({ page }: { readonly page: Page }) {
  const address = useAddress();
  const entries = useMemo(() => entriesOf(page.sets), [page]);
  const [theme, setTheme] = useState(chosenTheme);
  const [keys, setKeys] = useState(false);
  /** The case-run that was looked at last: where the list takes up again. */
  const [last, setLast] = useState<string | undefined>(undefined);
  useKeys([{ keys: ['?'], says: 'these keys', act: () => setKeys((open) => !open) }]);
  const open =
    address.run === undefined ? undefined : entries.find(({ run, set }) => run.id === address.run && set === page.sets[address.set]);
  const [first] = page.sets;
  return (
    <>
      <header class="top">
        <a class="brand" href={linkTo({ view: 'runs', run: undefined, frame: undefined, rule: undefined, side: 'observed' })}>
          weir
        </a>
        <nav aria-label="Views">
          <a
            href={linkTo({ view: 'runs', run: undefined, frame: undefined, rule: undefined })}
            aria-current={address.view === 'runs' && open === undefined ? 'page' : undefined}
          >
            Case-runs
          </a>
          <a
            href={linkTo({ view: 'rules', run: undefined, frame: undefined })}
            aria-current={address.view === 'rules' && open === undefined ? 'page' : undefined}
          >
            Requirements
          </a>
        </nav>
        <span class="whom">
          {first === undefined ? '' : plain(`${first.words.title} · ${page.sets.map(({ label }) => label).join(', ')}`)}
        </span>
        <button
          type="button"
          class="quiet"
          title="Theme: as the system, light or dark"
          onClick={() => {
            const next = nextTheme(theme);
            showTheme(next);
            setTheme(next);
          }}
        >
          <span class="wide">theme: </span>
          {theme}
        </button>
        <button type="button" class="quiet keys-button" aria-label="All keys" title="All keys (?)" onClick={() => setKeys(true)}>
          ?
        </button>
      </header>
      {open !== undefined ? (
        <CasePage key={`${address.set} ${open.run.id}`} page={page} entry={open} entries={entries} address={address} leave={setLast} />
      ) : address.run !== undefined ? (
        <main class="empty">
          <h1>There is no case-run {address.run} here</h1>
          <p>
            The link is of another report, or of a run that was not made.{' '}
            <a href={linkTo({ run: undefined, frame: undefined })}>All case-runs</a>
          </p>
        </main>
      ) : address.view === 'rules' ? (
        <RulesPage page={page} address={address} entries={entries} />
      ) : (
        <StartPage page={page} address={address} entries={entries} last={last} />
      )}
      {keys ? <KeyList close={() => setKeys(false)} /> : null}
    </>
  );
}
