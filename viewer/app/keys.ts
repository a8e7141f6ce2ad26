import { useLayoutEffect } from 'preact/hooks';

/** A key and what it does, for the handler and for the list that `?` shows. */
export interface Binding {
  readonly keys: readonly string[];
  readonly says: string;
  readonly act: () => void;
}

/** Listens to keys as long as a part of the page is there. Keys that are typed into a field are not taken, but for Escape. */
export function useKeys(bindings: readonly Binding[]): void {
  useLayoutEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const target = event.target as HTMLElement | null;
      const typing = target !== null && /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
      if (typing && event.key !== 'Escape') return;
      // A link or a button that has the focus is opened by Enter itself.
      if (event.key === 'Enter' && target !== null && /^(A|BUTTON|SUMMARY)$/.test(target.tagName)) return;
      const binding = bindings.find(({ keys }) => keys.includes(event.key));
      if (binding === undefined) return;
      event.preventDefault();
      binding.act();
    };
    addEventListener('keydown', hear);
    return () => removeEventListener('keydown', hear);
  });
}

/** All keys, for the list that `?` shows. */
export const KEYS: readonly (readonly [keys: string, says: string])[] = [
  ['j  k', 'next and previous row or frame'],
  ['n  p', 'next and previous finding'],
  ['c', 'next connection'],
  ['/', 'filter'],
  ['Enter', 'open'],
  ['Esc', 'back, or close what is open'],
  ['g', 'golden trace on and off'],
  ['y', 'copy the command that runs it again'],
  ['?', 'these keys'],
];

/** Some of them, in their order, by how they stand there. */
export function keysOf(some: readonly string[]): typeof KEYS {
  return KEYS.filter(([keys]) => some.includes(keys));
}
