/**
 * Hindi words of scanners on a wire. Rule kept: the same keys as English, checked by type.
 */
import type { enScanner } from './en-scanner.ts';

export const hiScanner: Readonly<Record<keyof typeof enScanner, string>> = {
  scanPartial: 'स्कैन बीच में रुक गया। दोबारा स्कैन करें।',
  scanTooLong: 'यह कोड सामान का नहीं, बहुत लंबा है। पैकेट का बारकोड स्कैन करें।',
  scanGarbled: 'स्कैनर से जो आ रहा है वह कोड नहीं है। F12 9: स्कैनर जाँचें।',
};
