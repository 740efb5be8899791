/**
 * A gzipped JSON body, unpacked within bounds. Rule kept: a bomb is stopped at the limit, not after it; what is no gzip
 * or no JSON is the sender's fault (400, 413), never a fault of the server.
 */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

const unpackBytes = promisify(gunzip);

const refusal = (statusCode: number, message: string): Error => Object.assign(new Error(message), { statusCode });

/** Throws an Error with statusCode 400 or 413. Memory: at most `most` bytes and their text. */
export async function unpackJson(body: Buffer, most: number): Promise<unknown> {
  const bytes = await unpackBytes(body, { maxOutputLength: most }).catch((error: Error & { code?: string }) => {
    throw error.code === 'ERR_BUFFER_TOO_LARGE' ? refusal(413, 'too large, unpacked') : refusal(400, 'not gzip');
  });
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    // What stands in it is nobody's business here.
    throw refusal(400, 'not JSON');
  }
}
