/**
 * Continuous ASCII, the format of A&D and of most scales that "send by themselves": `ST,GS,+  4.876kg` CR LF.
 * Rule kept: only ST is stable; OL is overload, never a weight. Source: A&D standard format (ST stable, US
 * unstable, OL overload; GS gross, NT net, TR tare).
 */
import { frameText } from './frames.ts';
import type { ScaleProtocol } from './port.ts';
import { readWeight, unitOf } from './weight-text.ts';

const line = /^\s*(ST|US|OL|UL)\s*,\s*(?:(?:GS|NT|TR|G|N|T)\s*,?)?\s*([+-]?[\d\s]*[.,]?\d*)\s*([A-Za-z]{0,3})\s*$/;
const outside = /^\s*(OL|UL)\b/;

export const continuous: ScaleProtocol = {
  id: 'continuous',
  name: 'Continuous ASCII (ST,GS,+  4.876kg)',
  format: { baud: 9_600, dataBits: 8, parity: 'none', stopBits: 1, flow: 'none' },
  framing: { ends: [0x0d, 0x0a], start: 0x02, dataAfter: null, isSevenBit: false, maxLength: 40 },
  ask: null,
  zero: null,
  saysStable: true,
  staleMs: 1_000,
  readFrame: (frame) => {
    const text = frameText(frame).replace(/\x03$/, '');
    const over = outside.exec(text);
    if (over !== null) return { kind: over[1] === 'OL' ? 'overload' : 'underload' };
    const match = line.exec(text);
    if (match === null) return null;
    const [, head, number = '', unitText = ''] = match;
    const unit = unitText === '' ? 'kg' : unitOf(unitText);
    const milli = unit === null ? null : readWeight(number, unit);
    return milli === null ? null : { kind: 'weight', milli, isStable: head === 'ST' };
  },
};
