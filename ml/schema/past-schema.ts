/**
 * What nets are told of each of an item's last days, by name: the numbers of a day, their unit, and what stands where
 * nothing is known. Rule kept: ml/nn/net-windows.ts writes them in this order, at the shop as in training; a package says
 * which list it was trained on, and another list is another schema.
 */
import { createHash } from 'node:crypto';

/** Where nothing is known of a day a number is nought, and `isKnown` says so. */
const channels: readonly (readonly [name: string, unit: string])[] = [
  ['units.seasonal', 'log(1 + units ÷ (level × season)), units at most 60 times'],
  ['isKnown', '0 or 1'],
  ['isSold', '0 or 1'],
  ['factor', 'log of the season, within ±3'],
  ['weekday.sin', 'sine of the weekday, Monday 0'],
  ['weekday.cos', 'cosine of it'],
  ['shop', 'log of the whole shop over its own mean of these days, within ±2'],
  ['price', '3 × log ratio to the mean of these days, within ±3'],
  ['units.plain', 'log(1 + units ÷ level), units at most 60 times'],
];
export const pastChannels = channels.length;

const id = 'past@1.0';
export const pastSchema: { readonly id: string; readonly sha256: string } = {
  id,
  sha256: createHash('sha256').update(JSON.stringify({ id, channels })).digest('hex'),
};
