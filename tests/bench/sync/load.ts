/**
 * Load on the server: tills that push ready-made batches, each its own in order. Rule kept: what is timed is a whole
 * call, from the request to the answer read; an answer that did not take every entry is a fault of the bench.
 */
import { Agent, request } from 'node:http';
import { pushType } from '#contract/sync.ts';
import type { PackedBatch } from './bills.ts';

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Answers how long the call took, in ms. Throws when not every entry was accepted. */
export function sendBatch(url: string, batch: PackedBatch): Promise<number> {
  return new Promise((done, fail) => {
    const startedAt = performance.now();
    const call = request(
      `${url}/v1/sync/push`,
      {
        method: 'POST',
        agent,
        headers: {
          authorization: `Bearer ${batch.till.access}`,
          'content-type': pushType,
          'content-length': batch.body.length,
        },
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', fail);
        response.on('end', () => {
          const took = performance.now() - startedAt;
          const text = Buffer.concat(parts).toString('utf8');
          const accepted = response.statusCode === 200 ? text.split('"accepted"').length - 1 : 0;
          if (accepted === batch.entries) done(took);
          else fail(new Error(`of ${batch.entries} entries ${accepted} were accepted: ${text.slice(0, 300)}`));
        });
      },
    );
    call.on('error', fail);
    call.end(batch.body);
  });
}

/** Every queue is one till's: its batches go one after the other, the queues beside each other. */
export async function pushAll(
  url: string,
  queues: readonly (readonly PackedBatch[])[],
): Promise<{ readonly seconds: number; readonly tookMs: readonly number[] }> {
  const tookMs: number[] = [];
  const startedAt = performance.now();
  await Promise.all(
    queues.map(async (queue) => {
      for (const batch of queue) tookMs.push(await sendBatch(url, batch));
    }),
  );
  return { seconds: (performance.now() - startedAt) / 1_000, tookMs };
}

export const closeLoad = (): void => agent.destroy();
