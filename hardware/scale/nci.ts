/**
 * NCI SCP-01 (Weigh-Tronix): ask `W CR`; answered `LF xxxx.xxuu CR LF hh… CR ETX`. Rule kept: the first status byte's
 * motion bit decides; a status without a weight is no weight. Source: Weigh-Tronix SCP-01 (8408-14788-01).
 */
import { milli } from '#core/quantity.ts';
import { ascii, frameText } from './frames.ts';
import type { ScaleProtocol } from './port.ts';
import { readWeight, unitOf } from './weight-text.ts';

const first = { moving: 0x01, atZero: 0x02, ramError: 0x04, eepromError: 0x08 } as const;
const second = { under: 0x01, over: 0x02, romError: 0x04, badCalibration: 0x08 } as const;
const faults1 = first.ramError | first.eepromError;
const faults2 = second.romError | second.badCalibration;

export const nci: ScaleProtocol = {
  id: 'nci',
  name: 'NCI SCP-01 (Weigh-Tronix)',
  format: { baud: 9_600, dataBits: 7, parity: 'even', stopBits: 1, flow: 'none' },
  framing: { ends: [0x03], start: null, dataAfter: null, isSevenBit: true, maxLength: 40 },
  ask: { bytes: ascii('W\r'), everyMs: 100 },
  zero: ascii('Z\r'),
  saysStable: true,
  staleMs: 700,
  readFrame: (frame) => {
    const parts = frameText(frame)
      .split('\n')
      .map((part) => part.replaceAll('\r', ''))
      .filter((part) => part !== '');
    const bits = parts.at(-1) ?? '';
    if (!/^[\x30-\x3f][\x30-\x3f\x70-\x7f]/.test(bits)) return null;
    const [one, two] = [bits.charCodeAt(0), bits.charCodeAt(1)];
    if ((two & second.over) !== 0) return { kind: 'overload' };
    if ((two & second.under) !== 0) return { kind: 'underload' };
    if ((one & faults1) !== 0 || (two & faults2) !== 0) return null;
    const isMoving = (one & first.moving) !== 0;
    if (parts.length < 2) {
      const isZero = !isMoving && (one & first.atZero) !== 0;
      return isZero ? { kind: 'weight', milli: milli(0), isStable: true } : { kind: 'moving' };
    }
    const match = /^([+-]?[\d.\s]+)([A-Za-z]{1,3})$/.exec((parts[0] ?? '').trim());
    const unit = match === null ? null : unitOf(match[2] ?? '');
    const weight = match === null || unit === null ? null : readWeight(match[1] ?? '', unit);
    return weight === null ? null : { kind: 'weight', milli: weight, isStable: !isMoving };
  },
};
