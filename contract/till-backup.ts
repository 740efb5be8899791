/**
 * Backups of the till's books and bringing a lost till back. Rule kept: whoever is at the counter may see how it stands;
 * the owner chooses where copies go; only a blank till can become another one.
 */
import { z } from 'zod';
import * as i from './inputs.ts';
import { feedOf, method, out } from './method.ts';

export type BackupTarget = 'folder' | 'headOffice';
/** In the order of what a person would do about it. */
export type BackupTrouble =
  | 'folderMissing'
  | 'folderReadOnly'
  | 'diskFull'
  | 'noServer'
  | 'notEnrolled'
  | 'booksDamaged'
  | 'notReadable'
  | 'fault';
export type LastBackup = {
  readonly atMs: number;
  readonly bytes: number;
  /** The journal's last entry in it. */
  readonly seq: number;
};
export type BackupView = {
  readonly folder: string | null;
  readonly keep: number;
  /** On the disk of the shop itself: it dies with it. */
  readonly isSameDisk: boolean;
  readonly isJoined: boolean;
  /** The recovery code opens it; else only head office can. */
  readonly hasCode: boolean;
  readonly last: Readonly<Record<BackupTarget, LastBackup | null>>;
  readonly trouble: Readonly<Record<BackupTarget, BackupTrouble | null>>;
  readonly running: {
    readonly target: BackupTarget;
    readonly doing: 'copying' | 'writing' | 'checking' | 'sending';
    readonly done: number;
    readonly total: number;
  } | null;
  /** No good copy anywhere for 24 hours while there is something to lose. */
  readonly isLate: boolean;
};
/** A place that may be a stick or a second disk. */
export type BackupPlace = { readonly path: string; readonly freeBytes: number; readonly isSameDisk: boolean };

export type RestoredView = {
  readonly shopName: string;
  readonly madeAtMs: number;
  readonly bills: number;
  readonly oldSeries: string;
  readonly series: string;
  /** Bills that head office has and the backup has not: they are fetched when the till starts. */
  readonly isJoined: boolean;
  /** Newer copies that could not be used. */
  readonly skipped: number;
};

const path = z.string().min(1).max(1_000);
export const backupContract = {
  state: method.output(out<BackupView>()),
  feed: method.output(feedOf<BackupView>()),
  places: method.output(out<readonly BackupPlace[]>()),
  setFolder: method.input(z.object({ folder: path.nullable() })).output(out<BackupView>()),
  /** Starts it; the feed tells how it goes. */
  runNow: method.output(out<BackupView>()),
  /** A new recovery code; the one before opens nothing that is made from now on. */
  newCode: method.output(out<{ readonly recoveryCode: string }>()),
  restore: method
    .input(
      z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('file'), path, code: i.shortText }),
        z.object({ kind: z.literal('headOffice'), url: z.url({ protocol: /^https?$/ }).max(300), code: i.shortText }),
      ]),
    )
    .output(out<RestoredView>()),
  restoring: method.output(feedOf<{ readonly doing: string; readonly done: number; readonly total: number } | null>()),
} as const;
