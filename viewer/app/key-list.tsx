import { useEffect, useRef } from 'preact/hooks';
import { KEYS } from './keys.ts';

/** All keys, over the page. */
export function KeyList({ close, keys: all = KEYS }: { readonly close: () => void; readonly keys?: typeof KEYS }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="key-list" aria-label="Keys" onClose={close} onClick={(event) => event.target === dialog.current && close()}>
      <h2>Keys</h2>
      <table>
        <tbody>
          {all.map(([keys, says]) => (
            <tr key={keys}>
              <th scope="row">
                {keys.split('  ').map((each) => (
                  <kbd key={each}>{each}</kbd>
                ))}
              </th>
              <td>{says}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <button type="button" onClick={close}>
        close
      </button>
    </dialog>
  );
}

/** What opens them, in the head of a page. */
export function KeysButton({ open }: { readonly open: () => void }) {
  return (
    <button type="button" class="quiet keys-button" aria-label="All keys" title="All keys (?)" onClick={open}>
      ?
    </button>
  );
}
