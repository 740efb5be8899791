/**
 * How scanners come out of the box, until a wizard has learnt better. Rule kept: plain data without a schema, so
 * that a screen can have it.
 */
import type { ScanFramingSetting, WedgeSetting } from './till-scanner.ts';

export const plainWedge: WedgeSetting = {
  gapMs: 35,
  terminator: 'enter',
  lineBreaks: 'end',
  prefixes: [],
  suffix: '',
  isCaseInverted: false,
  readBy: 'key',
};

export const plainFraming: ScanFramingSetting = {
  by: 'end',
  tabEnds: true,
  silenceMs: 150,
  prefixes: [],
  suffix: '',
  encoding: 'utf8',
};
