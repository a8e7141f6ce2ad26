import { useState } from 'preact/hooks';
import { plain } from '../../../protocols/common/plain.ts';
import type { MatrixMatter } from '../../matrix-data.ts';
import { KeyList, KeysButton } from '../key-list.tsx';
import { useKeys } from '../keys.ts';
import { ThemeButton } from '../theme-button.tsx';
import { type MatrixView, matrixLink, useMatrixAddress } from './address.ts';
import { QueryPage } from './query-page.tsx';
import { RowPage } from './row-page.tsx';
import { RuleMap } from './rule-map.tsx';
import { TablePage } from './table-page.tsx';

/** Keys that this page has. */
const KEYS = [
  ['/', 'filter, or ask'],
  ['Esc', 'back'],
  ['?', 'these keys'],
] as const;

/** Goes to the field to type into; where the view has none, to the one that asks all case-runs. */
function toFilter(view: MatrixView): void {
  // There it takes the keys by itself.
  if (view === 'table') location.hash = matrixLink({ view: 'ask' });
  else document.querySelector<HTMLInputElement>('input[type=search]')?.focus();
}

/** The page of a matrix: its head, and the view that the address names. */
export function MatrixApp({ matter }: { readonly matter: MatrixMatter }) {
  const address = useMatrixAddress();
  const [keys, setKeys] = useState(false);
  const { matrix } = matter;
  const back = (): void => {
    if (address.row !== undefined && address.area !== undefined) location.hash = matrixLink({ row: address.row });
    else if (address.row !== undefined) location.hash = matrixLink({});
    else (document.activeElement as HTMLElement | null)?.blur();
  };
  useKeys([
    { keys: ['?'], says: 'these keys', act: () => setKeys((open) => !open) },
    { keys: ['Escape'], says: 'back', act: back },
    { keys: ['/'], says: 'filter', act: () => toFilter(address.view) },
  ]);
  const row = matrix.rows.findIndex(({ id }) => id === address.row);
  return (
    <>
      <header class="top">
        <a class="brand" href={matrixLink({})}>
          weir
        </a>
        <nav aria-label="Views">
          <a href={matrixLink({})} aria-current={address.view === 'table' ? 'page' : undefined}>
            Matrix
          </a>
          <a href={matrixLink({ view: 'rules' })} aria-current={address.view === 'rules' ? 'page' : undefined}>
            Requirements
          </a>
          <a href={matrixLink({ view: 'ask' })} aria-current={address.view === 'ask' ? 'page' : undefined}>
            Ask
          </a>
        </nav>
        <span class="whom">{plain(`${matrix.title} · ${matrix.madeAt.slice(0, 10)} · Weir ${matrix.weir}`)}</span>
        <ThemeButton />
        <KeysButton open={() => setKeys(true)} />
      </header>
      {address.view === 'rules' ? (
        <RuleMap matter={matter} address={address} />
      ) : address.view === 'ask' ? (
        <QueryPage matter={matter} address={address} />
      ) : address.row === undefined ? (
        <TablePage matter={matter} />
      ) : row < 0 ? (
        <main class="empty">
          <h1>There is no row {plain(address.row)} here</h1>
          <p>
            The link is of another matrix. <a href={matrixLink({})}>The whole of this one</a>
          </p>
        </main>
      ) : (
        <RowPage key={`${row} ${address.area}`} matter={matter} row={row} area={address.area} />
      )}
      {keys ? <KeyList close={() => setKeys(false)} keys={KEYS} /> : null}
    </>
  );
}
