import { useEffect, useState } from 'preact/hooks';

/** Something that takes a moment. */
export type Loading<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'here'; readonly value: T }
  | { readonly kind: 'failed'; readonly why: string };

/** Loads something anew whenever the key changes. What comes too late is dropped. */
export function useLoading<T>(key: string, load: () => Promise<T>): Loading<T> {
  const [state, setState] = useState<{ readonly key: string; readonly loading: Loading<T> }>({ key, loading: { kind: 'loading' } });
  useEffect(() => {
    let current = true;
    load().then(
      (value) => current && setState({ key, loading: { kind: 'here', value } }),
      (error: unknown) =>
        current && setState({ key, loading: { kind: 'failed', why: error instanceof Error ? error.message : String(error) } }),
    );
    return () => {
      current = false;
    };
  }, [key]);
  return state.key === key ? state.loading : { kind: 'loading' };
}
