import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UsageError } from '../../exit.ts';

/** A page that is served. */
export interface ServedPage {
  readonly url: string;
  close(): Promise<void>;
}

/** Names under which this machine is asked for itself; another name means that some web page is behind it. */
const OWN_NAMES = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/** What a page may ask for beside itself: a stream of server-sent events. */
export interface ServedNews {
  /** Without a slash before it. */
  readonly path: string;
  /** A page listens; the answer is called when it does so no more. Nothing is sent after `end`. */
  listen(send: (news: string) => void, end: () => void): () => void;
}

/** What a page may ask to be done, at a path without a slash before it. */
export interface ServedRequests {
  readonly path: string;
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** How long a page may take to hear the last of it, ms. */
const LAST_MS = 500;

/** Serves one page on loopback, with its news and what it may ask for where it has any. Throws a `UsageError` where the port cannot be had. */
export async function servePage(html: readonly string[], port: number, news?: ServedNews, requests?: ServedRequests): Promise<ServedPage> {
  const server = createServer((request, response) => answer(request, response, html, news, requests));
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

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  html: readonly string[],
  news: ServedNews | undefined,
  requests: ServedRequests | undefined,
): void {
  response.setHeader('cache-control', 'no-store');
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
  if (!OWN_NAMES.test(request.headers.host ?? '')) return void response.writeHead(403).end();
  if (requests !== undefined && request.url === `/${requests.path}`) {
    // Who leaves before it is answered is answered no more.
    requests.answer(request, response).catch(() => response.destroy());
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405).end();
  if (news !== undefined && request.method === 'GET' && request.url === `/${news.path}`) return void tellNews(response, news);
  if (request.url !== '/') return void response.writeHead(404).end();
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'x-frame-options': 'DENY' });
  if (request.method === 'HEAD') return void response.end();
  for (const part of html) response.write(part);
  response.end();
}

function tellNews(response: ServerResponse, { listen }: ServedNews): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const leave = listen(
    (news) => {
      // No line break of the news can end it early.
      response.write(`data: ${news.replaceAll('\n', '\ndata: ')}\n\n`);
    },
    () => response.end(),
  );
  response.once('close', leave);
}
