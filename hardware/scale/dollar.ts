/**
 * `$` scales: ask `$`, answered with the weight as text (Dibal, Epelsa, Gram and what TakePOS's connector reads).
 * Rule kept: the answer doesn't say that it stands still, so readings must agree; a number without point and
 * without unit is not guessed at.
 */
import { ascii, frameText } from './frames.ts';
import type { ScaleProtocol } from './port.ts';
import { readWeight, unitOf } from './weight-text.ts';

export const dollar: ScaleProtocol = {
  id: 'dollar',
  name: '$ (asked; weight as text)',
  format: { baud: 9_600, dataBits: 8, parity: 'none', stopBits: 1, flow: 'none' },
  framing: { ends: [0x0d, 0x0a, 0x03], start: 0x02, dataAfter: null, isSevenBit: false, maxLength: 32 },
  ask: { bytes: ascii('$'), everyMs: 70 },
  zero: null,
  saysStable: false,
  staleMs: 700,
  readFrame: (frame) => {
    const match = /^\s*([+-]?\s*\d+(?:[.,]\d{1,4})?)\s*([A-Za-z]{0,3})\s*$/.exec(frameText(frame));
    if (match === null) return null;
    const [, number = '', unitText = ''] = match;
    const unit = unitText !== '' ? unitOf(unitText) : /[.,]/.test(number) ? 'kg' : null;
    const milli = unit === null ? null : readWeight(number, unit);
    return milli === null ? null : { kind: 'weight', milli, isStable: null };
  },
};
