import { render } from 'preact';
import { App } from './app.tsx';
import { unpackIndex } from './pieces.ts';
import { chosenTheme, showTheme } from './theme.ts';

showTheme(chosenTheme());
const root = document.getElementById('app');
if (root !== null) {
  unpackIndex().then(
    (page) => {
      root.replaceChildren();
      render(<App page={page} />, root);
    },
    (error: unknown) => {
      root.textContent = `This page cannot be shown: ${error instanceof Error ? error.message : String(error)}`;
    },
  );
}
