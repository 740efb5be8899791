/**
 * Scans that a serial or USB scanner sent to the till itself: followed, and treated exactly as if they had been
 * typed. Rule kept: each is taken up once in this page and said to be taken when it is dealt with; what was not
 * said so comes again after a reload. A window without the counter takes none.
 */
import type { ArrivedScan, ScannerEvent, SpoiledWhy } from '#contract/till-scanner.ts';
import type { Uuid } from '#core/ids.ts';
import { setWedge } from '../keys/keyboard.ts';
import { ask, follow } from '../link/till-link.ts';
import { play } from '../sound/sounds.ts';
import { sessionStore } from '../state/session.ts';
import { say, type Word } from '../words/words.ts';
import { onDealtWith, takeScan } from './scan-flow.ts';
import { flash } from './till-calls.ts';
import { tell } from './ui-store.ts';

const spoiledWords: Readonly<Record<SpoiledWhy, Word>> = {
  partial: 'scanPartial',
  tooLong: 'scanTooLong',
  garbled: 'scanGarbled',
};
/** Ids that this page has taken up; the till hands one out again until it hears that it was taken. */
const takenUp = new Set<string>();
const keptIds = 500;

function isNew(id: string): boolean {
  if (takenUp.has(id)) return false;
  takenUp.add(id);
  if (takenUp.size > keptIds) for (const oldest of [...takenUp].slice(0, keptIds / 2)) takenUp.delete(oldest);
  return true;
}

function sayTaken(id: string, isAnothers: boolean): void {
  if (isAnothers) takenUp.delete(id);
  else void ask((till) => till.scanner.taken({ id: id as Uuid }));
}

function takeUp(scan: ArrivedScan): void {
  if (scan.kind === 'code') return takeScan(scan.code, scan.id);
  play('refused');
  flash('bad');
  tell(() => say(spoiledWords[scan.why]), 'bad', 6_000);
  sayTaken(scan.id, false);
}

function hear({ wedge, isWedgeLearnt, scans }: ScannerEvent): void {
  setWedge(wedge, isWedgeLearnt);
  if (sessionStore.get().hasCounter === false) return;
  for (const scan of scans) if (isNew(scan.id)) takeUp(scan);
}

export function watchArrivedScans(): void {
  onDealtWith(sayTaken);
  const start = () => follow((till) => till.scanner.feed(), hear);
  let following = start();
  let had = sessionStore.get().hasCounter;
  sessionStore.subscribe(() => {
    const { hasCounter } = sessionStore.get();
    // The counter came to this window: what waits is asked for anew.
    if (hasCounter === true && had === false) {
      following.stop();
      following = start();
    }
    had = hasCounter;
  });
}
