/** Themes, in the order in which the button goes through them. */
const THEMES = ['system', 'light', 'dark'] as const;
/** A theme that a reader chose. */
export type Theme = (typeof THEMES)[number];

const KEY = 'weir-theme';

/** The theme that was chosen on this machine before; files opened without a server may remember nothing. */
export function chosenTheme(): Theme {
  try {
    return THEMES.find((theme) => theme === localStorage.getItem(KEY)) ?? 'system';
  } catch {
    return 'system';
  }
}

/** Shows a theme, and remembers it where that is possible. */
export function showTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Then it holds for this view.
  }
}

/** The theme after this one. */
export function nextTheme(theme: Theme): Theme {
  return THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';
}
