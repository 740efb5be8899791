/**
 * Serves the built screens to a browser on this PC. Rule kept: only files of the build, a strict content
 * policy with a fresh nonce per load, never cached across versions; the link's token goes into the page and
 * nowhere else.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

const policy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "media-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** Answers one GET for a page file; 404 for anything else. */
export async function servePageFile(
  response: ServerResponse,
  folder: string,
  path: string,
  token: string,
): Promise<void> {
  const asked = path === '/' ? 'index.html' : decoded(path)?.replace(/^\/+/, '');
  if (asked === undefined) return notFound(response);
  const file = normalize(join(folder, asked));
  const type = contentTypes[extname(file)];
  if (!file.startsWith(normalize(folder) + sep) || type === undefined) return notFound(response);
  const body = await readFile(file).catch(() => null);
  if (body === null) return notFound(response);
  const nonce = randomBytes(16).toString('base64');
  const isPage = asked === 'index.html';
  const text = isPage
    ? body
        .toString('utf8')
        .replaceAll('__CSP_NONCE__', nonce)
        .replace('<head>', `<head>\n    <meta name="billmitra-token" content="${token}" />`)
    : body;
  response.writeHead(200, {
    'content-type': type,
    'content-security-policy': policy(nonce),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    // Built names carry a hash of their content; only the page itself must be fresh.
    'cache-control': isPage ? 'no-store' : 'private, max-age=31536000, immutable',
  });
  response.end(text);
}

/** undefined for a path with a broken escape ("/%"). */
function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    // Nobody's file has such a name: the caller answers "not found".
    return undefined;
  }
}

function notFound(response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
  response.end('Not found');
}
