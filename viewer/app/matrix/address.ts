import { useEffect, useState } from 'preact/hooks';

/** The pages of a matrix. */
const VIEWS = ['table', 'rules', 'ask'] as const;
/** A page of a matrix. */
export type MatrixView = (typeof VIEWS)[number];

/** All that a view of the matrix consists of, as it stands in the address behind the #, so that a view can be sent. */
export interface MatrixAddress {
  readonly view: MatrixView;
  /** Id of the row that is open. */
  readonly row: string | undefined;
  /** The area of it that is open. */
  readonly area: string | undefined;
  /** The requirement that is open. */
  readonly rule: string | undefined;
  readonly q: string;
}

/** Reads the part of an address behind the #. Never throws. */
export function readMatrixAddress(hash: string): MatrixAddress {
  const params = new URLSearchParams(hash.replace(/^#/, '').replaceAll('+', '%2B'));
  const text = (key: string): string | undefined => params.get(key) ?? undefined;
  return {
    view: VIEWS.find((view) => view === params.get('view')) ?? 'table',
    row: text('row'),
    area: text('area'),
    rule: text('rule'),
    q: text('q') ?? '',
  };
}

/** Writes an address so that `readMatrixAddress` reads it again; what is as usual is left out. */
export function writeMatrixAddress({ view, row, area, rule, q }: MatrixAddress): string {
  const parts: [string, string | undefined][] = [
    ['view', view === 'table' ? undefined : view],
    ['row', row],
    ['area', area],
    ['rule', rule],
    ['q', q === '' ? undefined : q],
  ];
  return `#${parts.flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${encodeURIComponent(value).replaceAll('%40', '@').replaceAll('%2F', '/')}`])).join('&')}`;
}

/** The address, as it changes. */
export function useMatrixAddress(): MatrixAddress {
  const [address, setAddress] = useState(() => readMatrixAddress(location.hash));
  useEffect(() => {
    const read = (): void => setAddress(readMatrixAddress(location.hash));
    addEventListener('hashchange', read);
    return () => removeEventListener('hashchange', read);
  }, []);
  return address;
}

const HOME: MatrixAddress = { view: 'table', row: undefined, area: undefined, rule: undefined, q: '' };

/** The link to a view of the matrix. */
export function matrixLink(changes: Partial<MatrixAddress>): string {
  return writeMatrixAddress({ ...HOME, ...changes });
}

/** Changes the filter, and leaves no step to go back to. */
export function filterBy(q: string): void {
  history.replaceState(null, '', writeMatrixAddress({ ...readMatrixAddress(location.hash), q }));
  dispatchEvent(new HashChangeEvent('hashchange'));
}
