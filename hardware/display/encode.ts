/**
 * From two lines to bytes. Rule kept: only what changed is sent, so that a display at 9600 baud never lags a scanner;
 * a line is always twenty printable ASCII signs, whatever it is given.
 */
import { poleColumns, type PoleModel } from './models.ts';

export type PoleLines = readonly [string, string];

const named: Readonly<Record<string, string>> = {
  '₹': 'Rs ',
  '×': 'x',
  '−': '-',
  '–': '-',
  '—': '-',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '…': '...',
  '½': '1/2',
  '¼': '1/4',
  '¾': '3/4',
};

/** What a display can show of a text: ASCII, accents taken off, ₹ as Rs; a script it doesn't know falls away. */
export function poleText(text: string): string {
  return [...text.normalize('NFKC')]
    .map((sign) => named[sign] ?? sign.normalize('NFD').replaceAll(/[^\x20-\x7e]/g, ''))
    .join('')
    .replaceAll(/ {2,}/g, ' ')
    .trim();
}

/** Exactly twenty signs. */
export const poleLine = (text: string): string =>
  text
    .replaceAll(/[^\x20-\x7e]/g, ' ')
    .slice(0, poleColumns)
    .padEnd(poleColumns);

const bytesOf = (text: string): number[] => Array.from(text, (sign) => sign.charCodeAt(0));

/** `before` null: nothing is known of the display. Empty when nothing changed. */
export function encodePole(model: PoleModel, before: PoleLines | null, after: PoleLines): Uint8Array {
  const { moveTo } = model;
  if (before === null || moveTo === null) {
    if (before !== null && before[0] === after[0] && before[1] === after[1]) return new Uint8Array(0);
    const start = before === null ? model.start : [];
    const second = moveTo === null ? [] : moveTo(1, 2);
    return Uint8Array.from([...start, ...model.clear, ...bytesOf(after[0]), ...second, ...bytesOf(after[1])]);
  }
  const bytes: number[] = [];
  for (const row of [1, 2] as const) {
    const [old, now] = [before[row - 1] ?? '', after[row - 1] ?? ''];
    if (old === now) continue;
    const first = [...now].findIndex((sign, at) => sign !== old[at]);
    const last = poleColumns - 1 - [...now].reverse().findIndex((sign, at) => sign !== old[poleColumns - 1 - at]);
    bytes.push(...moveTo(first + 1, row), ...bytesOf(now.slice(first, last + 1)));
  }
  return Uint8Array.from(bytes);
}
