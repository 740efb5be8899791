/**
 * Answers a shape's requests as a server answered them before, from a thread of its own. Rule kept: statuses, headers
 * and bodies are the recorded ones; a live poll is held, there is no news.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import type { RecordedAnswer } from './record-shape.ts';

const answers = new Map((workerData as readonly RecordedAnswer[]).map((one) => [one.offset, one]));
const server = createServer((request, response) => {
  const asked = new URL(request.url ?? '/', 'http://x').searchParams;
  if (asked.get('live') === 'true') return;
  const answer = answers.get(asked.get('offset') ?? '');
  response.writeHead(answer?.status ?? 404, answer?.headers ?? {});
  response.end(answer?.body);
});
server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as AddressInfo).port));
