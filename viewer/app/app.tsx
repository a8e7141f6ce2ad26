import { useMemo, useState } from 'preact/hooks';
import { plain } from '../../protocols/common/plain.ts';
import { entriesOf } from '../model/rows-of-runs.ts';
import type { Page } from '../page.ts';
import { linkTo, useAddress } from './address.ts';
import { CasePage } from './case/case-page.tsx';
import { ChangesPage } from './changes/changes-page.tsx';
import { KeyList, KeysButton } from './key-list.tsx';
import { useKeys } from './keys.ts';
import { RulesPage } from './start/rules-page.tsx';
import { StartPage } from './start/start-page.tsx';
import { ThemeButton } from './theme-button.tsx';

/** The whole page: its head, and the view that the address names. */
export function App({ page }: { readonly page: Page }) {
  const address = useAddress();
  const entries = useMemo(() => entriesOf(page.sets), [page]);
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
          {page.changes === undefined ? null : (
            <a
              href={linkTo({ view: 'changes', run: undefined, frame: undefined, rule: undefined, q: '' })}
              aria-current={address.view === 'changes' && open === undefined ? 'page' : undefined}
            >
              Changes
            </a>
          )}
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
        <ThemeButton />
        <KeysButton open={() => setKeys(true)} />
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
      ) : address.view === 'changes' && page.changes !== undefined ? (
        <ChangesPage page={page} report={page.changes} address={address} entries={entries} />
      ) : (
        <StartPage page={page} address={address} entries={entries} last={last} />
      )}
      {keys ? <KeyList close={() => setKeys(false)} /> : null}
    </>
  );
}
