/**
 * Head office's page for a browser. Rule kept: only files of the build, a strict content policy with a fresh nonce per
 * load; the page itself is never kept by a browser, what carries a hash in its name always is.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';

const contentTypes: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

const policy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

const hardened = (reply: FastifyReply): FastifyReply =>
  reply
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('cross-origin-opener-policy', 'same-origin');

/** `folder`: the built screens. The page stands at `/`, its parts under `/assets/`. */
export function servePage(app: FastifyInstance, folder: string): void {
  app.get('/', async (_request, reply) => {
    const html = await readFile(join(folder, 'head-office.html'), 'utf8').catch(() => null);
    if (html === null) return reply.status(404).type('text/plain').send('The screens are not built: npm run build');
    const nonce = randomBytes(16).toString('base64');
    return hardened(reply)
      .header('content-security-policy', policy(nonce))
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(html.replaceAll('__CSP_NONCE__', nonce));
  });
  app.get<{ Params: { file: string } }>('/assets/:file', async (request, reply) => {
    const { file } = request.params;
    const type = contentTypes[extname(file)];
    // One folder, names without a way out of it.
    const isName = basename(file) === file && /^[\w.-]+$/.test(file);
    const body = isName && type !== undefined ? await readFile(join(folder, 'assets', file)).catch(() => null) : null;
    if (body === null || type === undefined) return reply.status(404).type('text/plain').send('Not found');
    return hardened(reply).header('cache-control', 'public, max-age=31536000, immutable').type(type).send(body);
  });
}
