import { createHash } from 'node:crypto';
import type { Piece } from './pieces.ts';

/** The built viewer: what the build left in `dist/viewer`. */
export interface ViewerAssets {
  readonly script: string;
  readonly style: string;
}

/** A picture for the tab: a weir, seen from the side. */
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M1 5h7c1 0 1 6 2 6h5' fill='none' stroke='%231f6feb' stroke-width='2.4'/%3E%3C/svg%3E";

/**
 * One self-contained HTML file. Its policy lets no request leave it and runs nothing but the script and the style in it, which it
 * names by hash; pieces are base64 and cannot end their element. `live` lets the page ask the server it came from.
 */
export function* shell(title: string, pieces: Iterable<Piece>, { script, style }: ViewerAssets, live = false): Generator<string> {
  const policy = [
    "default-src 'none'",
    `script-src '${hash(script)}'`,
    `style-src '${hash(style)}'`,
    'img-src data:',
    ...(live ? ["connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escaped(title)}</title>
<link rel="icon" href="${ICON}">
<style>${style}</style>
</head>
<body>
<div id="app"><noscript>This report needs JavaScript. results.json beside it holds the same.</noscript></div>
`;
  for (const { id, text } of pieces) yield `<script type="application/octet-stream" id="${id}">${text}</script>\n`;
  yield `<script>${script}</script>\n</body>\n</html>\n`;
}

function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}
