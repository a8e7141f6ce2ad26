import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UsageError } from '../../exit.ts';

/** A page that is served. */
export interface ServedPage {
  readonly url: string;
  close(): Promise<void>;
}

/** Names under which this machine is asked for itself; another name means that some web page is behind it. */
const OWN_NAMES = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/** A page that listens to news. */
export interface Listener {
  /** Whether it has taken what it was sent. While it has not, whatever more it is sent stays in this process. */
  keepsUp(): boolean;
  send(news: string): void;
  /** Nothing is sent afterwards. */
  end(): void;
}

/** What a page may ask for beside itself: a stream of server-sent events. */
export interface ServedNews {
  /** Without a slash before it. */
  readonly path: string;
  /** A page listens; the answer is called when it does so no more. */
  listen(listener: Listener): () => void;
}

/** What a page may ask to be done, at a path without a slash before it. */
export interface ServedRequests {
  readonly path: string;
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** How long a page may take to hear the last of it, ms. */
const LAST_MS = 500;

/** How long who asked for the page may take nothing of it, ms. */
const UNREAD_MS = 30_000;

/** Connections at a time; a browser makes six. More are closed at once, lest those who only hold them take what the command itself needs. */
const MOST_CONNECTIONS = 64;

/** Pages that listen at a time: telling each costs the process whose news it is. */
const MOST_LISTENERS = 8;

/** What every answer says: nobody keeps it, nobody else reads or shows it. */
const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'content-security-policy': "frame-ancestors 'none'",
  'x-frame-options': 'DENY',
} as const;

/** What is served. */
interface Served {
  readonly html: readonly Buffer[];
  readonly news: ServedNews | undefined;
  readonly requests: ServedRequests | undefined;
  readonly listening: Set<ServerResponse>;
}

/** Serves one page on loopback, with its news and what it may ask for where it has any. Throws a `UsageError` where the port cannot be had. */
export async function servePage(html: readonly string[], port: number, news?: ServedNews, requests?: ServedRequests): Promise<ServedPage> {
  // As bytes once, and not once for each who asks.
  const served: Served = {
    html: html.filter((part) => part !== '').map((part) => Buffer.from(part)),
    news,
    requests,
    listening: new Set(),
  };
  const server = createServer((request, response) => answer(request, response, served));
  server.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new UsageError(`cannot serve on port ${port}: ${error.message}`)));
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: given } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${given}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // What is still being told is told to its end, but nobody is waited for.
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), LAST_MS).unref();
      }),
  };
}

function answer(request: IncomingMessage, response: ServerResponse, served: Served): void {
  const { html, news, requests } = served;
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  if (!OWN_NAMES.test(request.headers.host ?? '')) return void response.writeHead(403).end();
  if (requests !== undefined && request.url === `/${requests.path}`) {
    // Who leaves before it is answered is answered no more.
    requests.answer(request, response).catch(() => response.destroy());
    return;
  }
  if (isOthers(request)) return void response.writeHead(403).end();
  if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405).end();
  if (news !== undefined && request.method === 'GET' && request.url === `/${news.path}`)
    return void tellNews(response, news, served.listening);
  if (request.url !== '/') return void response.writeHead(404).end();
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  if (request.method === 'HEAD') return void response.end();
  response.setTimeout(UNREAD_MS, () => response.destroy());
  // Who leaves has what they took.
  pipeline(Readable.from(html, { objectMode: false }), response).catch(() => {});
}

/** Whether a browser says that another page asks. A link there may lead here, but nothing of here is shown or read there. */
function isOthers({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'] ?? 'none';
  if (site === 'same-origin' || site === 'none') return false;
  return !(headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document');
}

function tellNews(response: ServerResponse, news: ServedNews, listening: Set<ServerResponse>): void {
  if (listening.size >= MOST_LISTENERS) return void response.writeHead(503).end(`${MOST_LISTENERS} pages follow already`);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  listening.add(response);
  const leave = news.listen({
    keepsUp: () => !response.writableNeedDrain,
    send(text) {
      // No line break of the news can end it early.
      response.write(`data: ${text.replaceAll('\n', '\ndata: ')}\n\n`);
    },
    end: () => response.end(),
  });
  response.once('close', () => {
    listening.delete(response);
    leave();
  });
}
