/**
 * A shape's answers from its start, recorded from a running server and answered again by a thread: what a till makes of
 * them is then measured without the server's own time. Rule kept: they are the server's bytes.
 */
import { Worker } from 'node:worker_threads';
import type { SyncServer } from '#till/sync/till-access.ts';

export type RecordedAnswer = {
  /** That was asked for. */
  readonly offset: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
};

export async function recordShape({ url, fetch }: SyncServer, shape: string): Promise<readonly RecordedAnswer[]> {
  const answers: RecordedAnswer[] = [];
  let offset = '-1';
  let handle: string | null = null;
  for (;;) {
    const asked = new URL(`/v1/sync/shape/${shape}`, url);
    asked.searchParams.set('offset', offset);
    if (handle !== null) asked.searchParams.set('handle', handle);
    const answer: Response = await fetch(asked);
    if (!answer.ok) throw new Error(`the shape answered ${answer.status}`);
    const dropped = ['connection', 'keep-alive', 'date', 'content-length', 'content-encoding', 'transfer-encoding'];
    const headers = Object.fromEntries([...answer.headers].filter(([name]) => !dropped.includes(name)));
    answers.push({ offset, status: answer.status, headers, body: new Uint8Array(await answer.arrayBuffer()) });
    if (answer.headers.has('electric-up-to-date')) return answers;
    offset = answer.headers.get('electric-offset') ?? '';
    handle = answer.headers.get('electric-handle');
  }
}

/** Answers where it listens, and how to end it. */
export function replayShape(
  answers: readonly RecordedAnswer[],
): Promise<{ readonly url: string; readonly end: () => Promise<unknown> }> {
  const worker = new Worker(new URL('./replay-worker.ts', import.meta.url), { workerData: answers });
  return new Promise((done, fail) => {
    worker.once('error', fail);
    worker.once('message', (port: number) => done({ url: `http://127.0.0.1:${port}`, end: () => worker.terminate() }));
  });
}
