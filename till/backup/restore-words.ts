/**
 * The command line's sentence for each reason why a till was not brought back. Rule kept: it says what to do next; the
 * screen has its own words (renderer/words).
 */
import type { RestoreRefusedReason } from '#core/errors.ts';

const words: Readonly<Record<RestoreRefusedReason, string>> = {
  shopThere: 'A shop is in this folder already. Nothing was changed. Choose an empty folder with --shop.',
  noBackup: 'There is no backup there. Look for files that end in .bmbackup.',
  wrongCode: "This code does not open the backup. It is the shop's printed recovery code.",
  notABackup: 'This file is no backup of BillMitra.',
  newerVersion: 'The backup is of a newer BillMitra. Update this PC, then restore again.',
  cutShort: 'The backup is cut short. Take another copy of it, or an older one.',
  damaged: 'The backup is damaged. Take another copy of it, or an older one.',
  diskFull: 'The disk is full. Free some space, then restore again.',
  noServer: 'Head office can not be reached there. Check the address and the network.',
  codeUnknown: 'Head office does not know this code.',
  codeUsed: 'This code was used. Ask head office for a new one.',
  codeExpired: 'This code is too old. Ask head office for a new one.',
  notDone: 'It could not be done. Nothing was changed; try again.',
};

export const restoreWords = (reason: RestoreRefusedReason): string => words[reason];
