import { render } from 'preact';
import { LIVE_PIECE, type LiveHead } from '../live.ts';
import type { Page } from '../page.ts';
import { App } from './app.tsx';
import { LivePage } from './live/live-page.tsx';
import { unpackIndex, unpackJson } from './pieces.ts';
import { chosenTheme, showTheme } from './theme.ts';

const report = (page: Page) => <App page={page} />;
const live = (head: LiveHead) => <LivePage head={head} />;

showTheme(chosenTheme());
const root = document.getElementById('app');
if (root !== null) {
  const shown = document.getElementById(LIVE_PIECE) === null ? unpackIndex().then(report) : unpackJson<LiveHead>(LIVE_PIECE).then(live);
  shown.then(
    (view) => {
      root.replaceChildren();
      render(view, root);
    },
    (error: unknown) => {
      root.textContent = `This page cannot be shown: ${error instanceof Error ? error.message : String(error)}`;
    },
  );
}
