import { useState } from 'preact/hooks';
import { chosenTheme, nextTheme, showTheme } from './theme.ts';

/** The switch of the theme: as the system, light, dark. */
export function ThemeButton() {
  const [theme, setTheme] = useState(chosenTheme);
  return (
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
  );
}
