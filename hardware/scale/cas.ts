/**
 * CAS scales: PD-II set to ECR TYPE 2 (ask `W`, answered `STX ddddd CR`, five digits of grams, seven bytes), and the
 * 22 bytes that LP, AP and their like send by themselves. Rule kept: the ECR answer doesn't say that it stands
 * still, so readings must agree. Source: the public driver cas-scale (9600 7E1, grams, `?` for no weight); CAS
 * 22-byte format: ST|US|OL , GS|NT , device lamp , eight characters, blank, unit, CR LF.
 */
import { ascii, frameText } from './frames.ts';
import type { ScaleProtocol } from './port.ts';
import { readWeight, unitOf } from './weight-text.ts';

export const casEcr2: ScaleProtocol = {
  id: 'casEcr2',
  name: 'CAS PD-II (ECR TYPE 2)',
  format: { baud: 9_600, dataBits: 7, parity: 'even', stopBits: 1, flow: 'none' },
  framing: { ends: [0x0d, 0x03], start: 0x02, dataAfter: 0x3f, isSevenBit: true, maxLength: 12 },
  ask: { bytes: ascii('W'), everyMs: 70 },
  zero: null,
  saysStable: false,
  staleMs: 700,
  readFrame: (frame) => {
    const text = frameText(frame);
    if (text.startsWith('?')) return { kind: 'moving' };
    const match = /^\d{5}$|^\d{1,2}[.,]\d{3}$/.exec(text.trim());
    if (match === null) return null;
    // A comma or a point after the thousands: the same grams.
    const milli = readWeight(match[0].replace(/[.,]/, ''), 'g');
    return milli === null ? null : { kind: 'weight', milli, isStable: null };
  },
};

const line = /^(ST|US|OL),(?:GS|NT),[\s\S]{2},([\s\S]{8})\s?([A-Za-z]{1,2})\s*$/;

export const cas22: ScaleProtocol = {
  id: 'cas22',
  name: 'CAS LP / AP (22 bytes, continuous)',
  format: { baud: 9_600, dataBits: 8, parity: 'none', stopBits: 1, flow: 'none' },
  framing: { ends: [0x0d, 0x0a], start: null, dataAfter: null, isSevenBit: false, maxLength: 26 },
  ask: null,
  zero: null,
  saysStable: true,
  staleMs: 1_000,
  readFrame: (frame) => {
    const match = line.exec(frameText(frame));
    if (match === null) return null;
    const [, head, number = '', unitText = ''] = match;
    if (head === 'OL') return { kind: 'overload' };
    const unit = unitOf(unitText);
    const milli = unit === null ? null : readWeight(number, unit);
    return milli === null ? null : { kind: 'weight', milli, isStable: head === 'ST' };
  },
};
