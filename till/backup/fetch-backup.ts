/**
 * What a PC that restores asks head office: which copies there are of the lost till, their key, and which bill series is
 * free. Rule kept: no answer, or one of another form, is "no server", never a guess.
 */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { err, ok, type Result } from '#core/result.ts';
import type { RestoreRefusedReason } from '#core/errors.ts';
import type { BackupKey } from '#db/backup-file.ts';

const place = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    keys: z.array(z.object({ keyId: z.string(), key: z.string() })),
    backups: z.array(
      z.object({ backupId: z.string(), keyId: z.string(), madeAtMs: z.int(), bytes: z.int(), journalSeq: z.int() }),
    ),
  }),
  z.object({ ok: z.literal(false), reason: z.enum(['codeUnknown', 'codeUsed', 'codeExpired', 'otherStore']) }),
]);
export type KeptBackup = { readonly backupId: string; readonly keyId: string; readonly bytes: number };
type Place = { readonly keys: readonly BackupKey[]; readonly backups: readonly KeptBackup[] };

const post = (url: string, path: string, body: object): Promise<Response> =>
  fetch(new URL(path, url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(15_000),
  });

/** Newest first. The code is not used up by asking. */
export async function openPlace(url: string, code: string): Promise<Result<Place, RestoreRefusedReason>> {
  try {
    const response = await post(url, '/v1/restore/open', { code });
    const answer = place.parse(await response.json());
    if (!answer.ok) return err(answer.reason === 'otherStore' ? 'codeUnknown' : answer.reason);
    const keys = answer.keys.map(({ keyId, key }) => ({ id: keyId, key: Buffer.from(key, 'base64') }));
    return ok({ keys, backups: answer.backups });
  } catch {
    return err('noServer');
  }
}

/** False: it did not come whole. */
export async function fetchBackup(
  url: string,
  code: string,
  backup: KeptBackup,
  path: string,
  onBytes: (bytes: number) => void,
): Promise<boolean> {
  try {
    // Answered by a link of its own: a code is no header for a bucket's eyes.
    const asked = await post(url, `/v1/restore/backups/${backup.backupId}`, { code });
    const { link } = z.object({ link: z.string() }).parse(await asked.json());
    const response = await fetch(new URL(link, url), { signal: AbortSignal.timeout(3_600_000) });
    if (!response.ok || response.body === null) return false;
    let done = 0;
    const body = Readable.fromWeb(response.body as never);
    body.on('data', (chunk: Buffer) => onBytes((done += chunk.length)));
    await pipeline(body, createWriteStream(path));
    return done === backup.bytes;
  } catch {
    return false;
  }
}

/** The first candidate that no till of the organisation has used; without an answer simply the first. */
export async function askSeries(url: string, code: string, candidates: readonly string[]): Promise<string> {
  try {
    const response = await post(url, '/v1/restore/series', { code, candidates });
    const { series } = z.object({ series: z.string() }).parse(await response.json());
    return candidates.includes(series) ? series : (candidates[0] ?? '');
  } catch {
    // Sells all the same: the old series is closed, and this one no other till of the shop's own had.
    return candidates[0] ?? '';
  }
}
