import { useEffect, useState } from 'preact/hooks';

/** Views of a page; the first is shown where none is named. */
const VIEWS = ['runs', 'rules', 'changes'] as const;
/** A view of a page. */
export type View = (typeof VIEWS)[number];

/** All that a view consists of, as it stands in the address behind the #, so that a view can be sent. */
export interface Address {
  readonly view: View;
  /** Index of the set and id of the case-run that is open. */
  readonly run: string | undefined;
  readonly set: number;
  /** `n` of the frame that is looked at; of the golden trace with `side`. */
  readonly frame: number | undefined;
  readonly side: 'observed' | 'golden';
  /** The filter as it is typed. */
  readonly q: string;
  readonly sort: string;
  /** Whether the golden trace is shown beside the observed one. */
  readonly golden: boolean;
  /** The rule that is open on the page of rules. */
  readonly rule: string | undefined;
}

/** Reads the part of an address behind the #. Never throws. */
export function readAddress(hash: string): Address {
  const params = new URLSearchParams(hash.replace(/^#/, '').replaceAll('+', '%2B'));
  const text = (key: string): string | undefined => params.get(key) ?? undefined;
  const frame = Number(params.get('frame') ?? Number.NaN);
  const set = Number(params.get('set') ?? 0);
  return {
    view: VIEWS.find((view) => view === params.get('view')) ?? 'runs',
    run: text('run'),
    set: Number.isInteger(set) && set >= 0 ? set : 0,
    frame: Number.isFinite(frame) ? frame : undefined,
    side: params.get('side') === 'golden' ? 'golden' : 'observed',
    q: text('q') ?? '',
    sort: text('sort') ?? 'area',
    golden: params.get('golden') !== 'off',
    rule: text('rule'),
  };
}

/** Writes an address so that `readAddress` reads it again; what is as usual is left out. */
export function writeAddress({ view, run, set, frame, side, q, sort, golden, rule }: Address): string {
  const parts: [string, string][] = [];
  if (view !== 'runs') parts.push(['view', view]);
  if (set !== 0) parts.push(['set', String(set)]);
  if (run !== undefined) parts.push(['run', run]);
  if (frame !== undefined) parts.push(['frame', String(frame)]);
  if (side !== 'observed') parts.push(['side', side]);
  if (rule !== undefined) parts.push(['rule', rule]);
  if (q !== '') parts.push(['q', q]);
  if (sort !== 'area') parts.push(['sort', sort]);
  if (!golden) parts.push(['golden', 'off']);
  // Ids of case-runs are to be read and typed in an address: only what would end them is escaped.
  const written = (value: string): string =>
    encodeURIComponent(value).replaceAll(/%(?:2F|40|3A|2C|21|2B)/g, (code) => decodeURIComponent(code));
  return `#${parts.map(([key, value]) => `${key}=${written(value)}`).join('&')}`;
}

/** The address, as it changes. */
export function useAddress(): Address {
  const [address, setAddress] = useState(() => readAddress(location.hash));
  useEffect(() => {
    const read = (): void => setAddress(readAddress(location.hash));
    addEventListener('hashchange', read);
    return () => removeEventListener('hashchange', read);
  }, []);
  return address;
}

/** Goes somewhere. `replace` leaves no step to go back to, for what changes with every key. */
export function go(changes: Partial<Address>, replace = false): void {
  const hash = writeAddress({ ...readAddress(location.hash), ...changes });
  if (hash === location.hash || (hash === '#' && location.hash === '')) return;
  if (replace) {
    history.replaceState(null, '', hash);
    dispatchEvent(new HashChangeEvent('hashchange'));
  } else location.hash = hash;
}

/** The address of a view, for links. */
export function linkTo(changes: Partial<Address>): string {
  return writeAddress({ ...readAddress(location.hash), ...changes });
}
