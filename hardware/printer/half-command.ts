/**
 * What a job that was cut may have left in a printer's mouth: a command that waits for more of its data, which would
 * eat the head of the next receipt. Rule kept: as many NULs go before that receipt as the longest command of the
 * cut job could still lack; a printer that waits for nothing leaves NULs out. It opens no wire.
 */
import { makeReader } from './escpos-reader.ts';

/** Bar codes, QR codes and settings: a QR's data is at most 1,273 bytes here. */
const anyCommand = 1_300;
/** A band of 1,024 rows at 80 mm; a longer command is not sent by us. */
const mostNuls = 73_728;

/** One text row drawn as a picture at 80 mm, 31 rows of 72 bytes: what a till that was killed most likely broke off in. */
const rowBytes = 31 * 72;
/** Slower than this the wait would be felt: 9600 baud carry 960 bytes a second. */
const slowCable = 5_000;

/** For the first job after this program started: nobody knows what the one before it ended in. */
export const rowOfPicture = (bytesPerSecond: number | null): Uint8Array | null =>
  bytesPerSecond !== null && bytesPerSecond < slowCable ? null : new Uint8Array(rowBytes);

/** NULs that complete any command of an ESC/POS job of ours. */
export function bytesThatComplete(job: Uint8Array): Uint8Array {
  let longest = 0;
  const reader = makeReader((event) => {
    if (event.kind === 'rasterStart') longest = Math.max(longest, event.stride * event.rows);
    else if (event.kind === 'code2d') longest = Math.max(longest, anyCommand);
    else longest = Math.max(longest, 256);
  });
  reader.feed(job);
  return new Uint8Array(Math.min(mostNuls, longest));
}
