/**
 * English sentences of the receipt's own look: its logo. Rule kept: a refusal says what to bring instead; Hindi stands
 * in hi-receipt.ts under the same keys.
 */
export const enReceipt = {
  logoTitle: 'Logo on the receipt',
  logoNone: 'None. A black-and-white PNG prints best.',
  logoChoose: 'Choose a PNG',
  logoRemove: 'Take the logo away',
  eLogoNotPng: 'This file is not a PNG. Save the picture as PNG and choose it again.',
  eLogoTooLarge: 'This picture is too large. At most {{kb}} KB and {{side}} dots a side.',
  eLogoUnreadable: 'This PNG can’t be read. Save it again and choose the new one.',
  eLogoBlank: 'Nothing of this picture would print: it is all white. Choose a darker one.',
  eLogoNoEngine: 'Pictures can’t be drawn on this PC. Receipts print without a logo.',
} as const;
