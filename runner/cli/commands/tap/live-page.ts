import { readAssets } from '../../../../reporters/html/html.ts';
import { livePage } from '../../../../reporters/html/live.ts';
import { FAULTS_PATH, type LiveFaults, type LiveHead, NEWS_PATH } from '../../../../viewer/live.ts';
import type { LiveFeed } from '../../../tap/live-feed.ts';
import { openInBrowser } from '../../browser.ts';
import { VIEWER } from '../../reports.ts';
import { type ServedNews, type ServedPage, servePage } from '../view/serve-page.ts';
import { type FaultActions, faultRequests } from './fault-requests.ts';

/** How often a page that follows is told what there is, ms. */
const NEWS_MS = 100;

/** Serves the page that follows a tap, and opens the browser where there is one. Those that follow are told when it is over. */
export async function startLivePage(
  feed: LiveFeed,
  head: Omit<LiveHead, 'faults'>,
  faults: FaultActions & { readonly offered: LiveFaults['offered'] },
  { uiPort, open }: { readonly uiPort: number; readonly open: boolean },
): Promise<ServedPage> {
  const listening = new Set<(over: boolean) => void>();
  const requests = faultRequests(FAULTS_PATH, faults);
  const whole: LiveHead = { ...head, faults: { token: requests.token, offered: faults.offered } };
  const html = [...(await livePage(whole, await readAssets(VIEWER)))];
  const news: ServedNews = {
    path: NEWS_PATH,
    listen({ keepsUp, send, end }) {
      const following = feed.follow();
      const tell = (over: boolean): void => {
        // Who does not read is told the newest once they do: nothing piles up for them, and passing frames comes first.
        if (!over && !keepsUp()) return;
        const news = following.news(over);
        if (news !== undefined) send(JSON.stringify(news));
        if (over) end();
      };
      listening.add(tell);
      tell(false);
      return () => void listening.delete(tell);
    },
  };
  const served = await servePage(html, uiPort, news, requests);
  const ticker = setInterval(() => {
    for (const tell of listening) tell(false);
  }, NEWS_MS);
  if (open) openInBrowser(served.url);
  return {
    url: served.url,
    async close() {
      clearInterval(ticker);
      for (const tell of listening) tell(true);
      await served.close();
    },
  };
}
