/**
 * The peer of ingest: the same rows by COPY, Postgres' fastest way in. Rule kept: tables made LIKE the real ones with
 * the same indexes, the same batches, each durable before the next; nothing is judged, summed or secured.
 */
import type { Client } from 'pg';

type CopyConnection = {
  query: (text: string) => void;
  sendCopyFromChunk: (chunk: Buffer) => void;
  endCopyFrom: () => void;
  sendCopyFail: (message: string) => void;
};

/** One COPY … FROM STDIN by pg's own hooks for a query of another kind. */
class CopyIn {
  readonly #text: string;
  readonly #rows: Buffer;
  readonly #done: (error: Error | null) => void;
  constructor(text: string, rows: Buffer, done: (error: Error | null) => void) {
    this.#text = text;
    this.#rows = rows;
    this.#done = done;
  }
  submit(connection: CopyConnection): void {
    connection.query(this.#text);
  }
  handleCopyInResponse(connection: CopyConnection): void {
    connection.sendCopyFromChunk(this.#rows);
    connection.endCopyFrom();
  }
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}
  handleCommandComplete(): void {}
  handleCopyData(): void {}
  handleReadyForQuery(): void {
    this.#done(null);
  }
  handleError(error: Error): void {
    this.#done(error);
  }
}

export const copyIn = (on: Client, text: string, rows: Buffer): Promise<void> =>
  new Promise((done, fail) => {
    const copy = new CopyIn(text, rows, (error) => (error === null ? done() : fail(error)));
    on.query(copy as unknown as Parameters<Client['query']>[0]);
  });
