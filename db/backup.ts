/**
 * Makes and opens backups in a thread of its own, so that sales go on meanwhile. Rule kept: one file, whole and read
 * back, or none; it never writes into a shop that is there.
 */
import { Worker } from 'node:worker_threads';
import type { BackupMessage, BackupOutcome, BackupProgress, BackupTask } from './backup-worker.ts';

export type BackupWork = {
  readonly onProgress?: ((progress: BackupProgress) => void) | undefined;
  /** The worker's own file; a bundle says where it put it. */
  readonly workerUrl?: URL | undefined;
};

/** Resolves, never rejects. */
export function runBackupTask(task: BackupTask, work: BackupWork = {}): Promise<BackupOutcome> {
  return new Promise((resolve) => {
    const worker = new Worker(work.workerUrl ?? new URL('./backup-worker.ts', import.meta.url), { workerData: task });
    worker.on('message', (message: BackupMessage) => {
      if (message.kind === 'progress') work.onProgress?.(message.progress);
      else resolve(message);
    });
    worker.once('error', (error: Error) => resolve({ kind: 'notDone', message: error.message }));
    // After an answer this changes nothing.
    worker.once('exit', () => resolve({ kind: 'notDone', message: 'the backup stopped without an answer' }));
  });
}
