/**
 * Mettler-Toledo 8217: ask `W`; answered `STX weight [N] CR`, or `STX ? status CR` when there is no weight to give.
 * Rule kept: the scale answers with a weight only at rest, so its weights are stable; a status is never a weight.
 * Source: the protocol as Odoo's IoT scale driver describes it (9600 7E1, W, Z, T, C; probe `Ehello`).
 */
import { milli } from '#core/quantity.ts';
import { ascii, frameText } from './frames.ts';
import type { ScaleHeard, ScaleProtocol } from './port.ts';
import { readWeight } from './weight-text.ts';

/** Bits of the status byte. */
const status = { moving: 0x01, over: 0x02, under: 0x04, centreOfZero: 0x10 } as const;

export const toledo8217: ScaleProtocol = {
  id: 'toledo8217',
  name: 'Mettler-Toledo 8217',
  format: { baud: 9_600, dataBits: 7, parity: 'even', stopBits: 1, flow: 'none' },
  framing: { ends: [0x0d], start: 0x02, dataAfter: 0x3f, isSevenBit: true, maxLength: 24 },
  ask: { bytes: ascii('W'), everyMs: 100 },
  zero: ascii('Z'),
  saysStable: true,
  staleMs: 700,
  readFrame: (frame) => {
    if (frame[0] === 0x3f && frame.length === 2) return readStatus(frame[1] ?? 0);
    const match = /^\s*([+-]?[\d.]+)\s*N?\s*$/.exec(frameText(frame));
    const weight = match === null ? null : readWeight(match[1] ?? '', 'kg');
    return weight === null ? null : { kind: 'weight', milli: weight, isStable: true };
  },
};

/** An answer without a weight at rest and not empty takes the last weight away: nothing is known of the pan. */
function readStatus(bits: number): ScaleHeard {
  if ((bits & status.over) !== 0) return { kind: 'overload' };
  if ((bits & status.moving) !== 0) return { kind: 'moving' };
  if ((bits & status.under) !== 0) return { kind: 'negative' };
  return (bits & status.centreOfZero) === 0 ? { kind: 'moving' } : { kind: 'weight', milli: milli(0), isStable: true };
}
