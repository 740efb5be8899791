/**
 * Makes a shape: its snapshot, straight into its file. Rule kept: a transaction that the stream has already brought
 * must be in the snapshot's rows; Postgres shows a commit to the stream a moment before it shows it to others, so a
 * snapshot of that moment is taken again.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { ok, type Result } from '#core/result.ts';
import type { ShapeDefinition } from './messages.ts';
import { beginShapeFile } from './shape-file.ts';
import { makeShapeLog, type ShapeLog, type ShapeLogParts } from './shape-log.ts';
import { metaText, type ShapeStore } from './shape-store.ts';
import { isVisible, type SnapshotRefusal, takeSnapshot } from './snapshot.ts';

export type ShapeMaking = {
  readonly pool: Pool;
  readonly publication: string;
  /** A table that nobody published is published, as Electric does by itself; otherwise it is refused. */
  readonly publishesItself?: boolean | undefined;
  readonly store: ShapeStore;
  readonly chunkBytes: number;
  readonly nowMs: () => number;
};

/** `seen`: transactions that the stream brought before this was called. */
export async function makeShape(
  making: ShapeMaking,
  key: string,
  definition: ShapeDefinition,
  seen: readonly number[],
): Promise<Result<ShapeLog, SnapshotRefusal>> {
  for (;;) {
    const handle = `${making.nowMs()}-${randomBytes(6).toString('hex')}`;
    const file: { open: ReturnType<typeof beginShapeFile> | null } = { open: null };
    let parts: ShapeLogParts | null = null;
    try {
      const taken = await takeSnapshot(making.pool, definition, {
        publication: making.publication,
        publishesItself: making.publishesItself === true,
        chunkBytes: making.chunkBytes,
        begin: ({ info, visibility, where }) => {
          parts = { handle, definition: { ...definition, ...where }, info, visibility };
          const open = beginShapeFile(making.store.pathOf(handle), metaText(key, parts));
          file.open = open;
          return open.chunk;
        },
      });
      if (!taken.ok) return taken;
      const { visibility } = taken.value;
      if (file.open !== null && parts !== null && seen.every((xid) => isVisible(xid, visibility))) {
        const shape = makeShapeLog(parts, await file.open.finish());
        file.open = null;
        return ok(shape);
      }
    } finally {
      file.open?.abandon();
    }
    await sleep(20);
  }
}
