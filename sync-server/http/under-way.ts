/**
 * Requests that are being answered, counted at the wire. Rule kept: a server that stops waits for these and for nothing
 * else: a browser keeps wires open on which it asks nothing, some before it ever asked.
 */
import type { Server } from 'node:http';

export type UnderWay = {
  /** Resolves when none is left, or after so long; a request that takes longer is cut, its sender asks again. */
  readonly none: (atMostMs: number) => Promise<void>;
};

export function countUnderWay(server: Server): UnderWay {
  let count = 0;
  let told: () => void = () => undefined;
  server.on('request', (_request, response) => {
    count += 1;
    response.once('close', () => {
      count -= 1;
      if (count === 0) told();
    });
  });
  return {
    none: (atMostMs) =>
      new Promise((done) => {
        const late = setTimeout(done, atMostMs);
        told = () => {
          clearTimeout(late);
          done();
        };
        if (count === 0) told();
      }),
  };
}
