/**
 * English words of scanners on a wire: what came and was no whole code. Rule kept: each says what the cashier
 * does next; no sentence stands in a component.
 */
export const enScanner = {
  scanPartial: 'The scan broke off. Scan again.',
  scanTooLong: 'This code is too long for goods. Scan the barcode on the pack.',
  scanGarbled: 'The scanner sends something that is no code. F12 9: check the scanner.',
} as const;
