import { type ComponentChild, render } from 'preact';
import { LIVE_PIECE, type LiveHead } from '../live.ts';
import { MATRIX_PIECE, type MatrixMatter } from '../matrix-data.ts';
import { TRACE_DIFF_PIECE, type TraceDiff } from '../trace-diff.ts';
import { go } from './address.ts';
import { App } from './app.tsx';
import { TraceDiffPage } from './changes/trace-diff-page.tsx';
import { LivePage } from './live/live-page.tsx';
import { MatrixApp } from './matrix/matrix-app.tsx';
import { unpackIndex, unpackJson } from './pieces.ts';
import { chosenTheme, showTheme } from './theme.ts';

/** What a page shows hangs on what it holds. */
async function shown(): Promise<ComponentChild> {
  const holds = (piece: string): boolean => document.getElementById(piece) !== null;
  if (holds(LIVE_PIECE)) return <LivePage head={await unpackJson<LiveHead>(LIVE_PIECE)} />;
  if (holds(TRACE_DIFF_PIECE)) return <TraceDiffPage diff={await unpackJson<TraceDiff>(TRACE_DIFF_PIECE)} />;
  if (holds(MATRIX_PIECE)) return <MatrixApp matter={await unpackJson<MatrixMatter>(MATRIX_PIECE)} />;
  const page = await unpackIndex();
  // A comparison opens with what changed.
  if (page.changes !== undefined && location.hash === '') go({ view: 'changes' }, true);
  return <App page={page} />;
}

showTheme(chosenTheme());
const root = document.getElementById('app');
if (root !== null) {
  shown().then(
    (view) => {
      root.replaceChildren();
      render(view, root);
    },
    (error: unknown) => {
      root.textContent = `This page cannot be shown: ${error instanceof Error ? error.message : String(error)}`;
    },
  );
}
