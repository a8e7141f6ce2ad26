import { render } from 'preact';
import { LIVE_PIECE, type LiveHead } from '../live.ts';
import type { Page } from '../page.ts';
import { TRACE_DIFF_PIECE, type TraceDiff } from '../trace-diff.ts';
import { go } from './address.ts';
import { App } from './app.tsx';
import { TraceDiffPage } from './changes/trace-diff-page.tsx';
import { LivePage } from './live/live-page.tsx';
import { unpackIndex, unpackJson } from './pieces.ts';
import { chosenTheme, showTheme } from './theme.ts';

const report = (page: Page) => {
  // A comparison opens with what changed.
  if (page.changes !== undefined && location.hash === '') go({ view: 'changes' }, true);
  return <App page={page} />;
};
const live = (head: LiveHead) => <LivePage head={head} />;

showTheme(chosenTheme());
const root = document.getElementById('app');
if (root !== null) {
  const has = (id: string): boolean => document.getElementById(id) !== null;
  const shown = has(LIVE_PIECE)
    ? unpackJson<LiveHead>(LIVE_PIECE).then(live)
    : has(TRACE_DIFF_PIECE)
      ? unpackJson<TraceDiff>(TRACE_DIFF_PIECE).then((diff) => <TraceDiffPage diff={diff} />)
      : unpackIndex().then(report);
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
