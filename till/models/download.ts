/**
 * A file of a model from head office, a piece at a time over a bad line. Rule kept: what came stays on the disk and the
 * next try asks for the rest; whatever a network answers is an outcome, never an exception; what is in the file is judged
 * by others.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type { SyncServer } from '../sync/till-access.ts';

/** An hour's worth of a slow line. */
const mostMs = 3_600_000;
const askMs = 30_000;
const linkShape = z.object({ link: z.string().max(4_000) });

const bytesAt = async (path: string): Promise<number> => {
  try {
    return (await stat(path)).size;
  } catch {
    // None yet.
    return 0;
  }
};

/** True: the file has `bytes` bytes. `url`: below head office, answers a link that opens the file for a while. */
export async function downloadPart(
  server: SyncServer,
  url: string,
  bytes: number,
  path: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await mkdir(dirname(path), { recursive: true });
    let have = await bytesAt(path);
    if (have > bytes) {
      // Of another release, or a portal's page.
      await rm(path, { force: true });
      have = 0;
    }
    if (have === bytes) return true;
    const asked = await server.fetch(new URL(url, server.url), {
      signal: AbortSignal.any([signal, AbortSignal.timeout(askMs)]),
    });
    if (!asked.ok) return false;
    const { link } = linkShape.parse(await asked.json());
    const response = await fetch(new URL(link, server.url), {
      ...(have > 0 ? { headers: { range: `bytes=${have}-` } } : {}),
      signal: AbortSignal.any([signal, AbortSignal.timeout(mostMs)]),
    });
    if (!response.ok || response.body === null) return false;
    // Who knows no ranges sends all of it.
    const flags = response.status === 206 ? 'a' : 'w';
    await pipeline(Readable.fromWeb(response.body as never), createWriteStream(path, { flags }), { signal });
    return (await bytesAt(path)) === bytes;
  } catch {
    // No network, cut in the middle, no answer of ours: the part that came is kept for the next try.
    return false;
  }
}
