/**
 * What a person sees on the emulator's paper: whether a receipt hangs there whole, how often, and whether it says
 * DUPLICATE. Rule kept: a receipt is whole when every line, picture and code of it stands on the paper in order,
 * dot for dot, as an undisturbed printer would have printed its bytes; a knife that did not cut is no loss.
 */
import { createHash } from 'node:crypto';
import { makeEmulator } from '#hardware/printer/emulator.ts';
import type { PaperItem, PrintedReceipt } from '#hardware/printer/emulator-paper.ts';

/** Each thing on the paper as a short text that differs when it does; where on the paper it stands does not count. */
export type Marks = readonly string[];

const markOf = (item: PaperItem): string => {
  if (item.kind === 'line') return JSON.stringify(item.runs);
  const { bits, width, height } = item.bitmap;
  const hash = createHash('sha1').update(bits).digest('base64');
  return `${item.kind} ${item.x} ${width}x${height} ${hash}`;
};
export const marksOf = (pieces: readonly PrintedReceipt[]): Marks =>
  pieces.flatMap((piece) => piece.items.filter(isPrinted).map(markOf));

const isPrinted = (item: PaperItem): boolean => item.kind !== 'line' || item.runs.length > 0;

/** What these bytes leave on the paper of a printer that nothing happens to. */
export function marksOfBytes(bytes: Uint8Array): { readonly marks: Marks; readonly dots: number } {
  const emulator = makeEmulator({ widthDots: 576 });
  emulator.feed(bytes);
  return { marks: marksOf([...emulator.receipts(), emulator.current()]), dots: emulator.travelDots() };
}

/** How often `marks` stand on the paper, whole and in a row. */
export function timesOnPaper(paper: Marks, marks: Marks): number {
  if (marks.length === 0) return 0;
  let times = 0;
  for (let at = 0; at + marks.length <= paper.length; ) {
    const isHere = marks.every((mark, i) => paper[at + i] === mark);
    times += isHere ? 1 : 0;
    at += isHere ? marks.length : 1;
  }
  return times;
}
