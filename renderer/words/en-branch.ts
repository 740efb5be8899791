/** English: what head office sends to this shop (people, rules, stock elsewhere). Rule kept: hi-branch.ts has the same keys. */
export const enBranch = {
  eReturnTooLate: 'Sold on {{date}}; returns are taken for {{days}} days. A supervisor signs in and can still take it.',
  eDiscountAboveLimit: 'You can give up to {{percent}} %. A supervisor can give more.',
  ePinNotSet: 'There is no PIN here yet. Choose one with a supervisor beside you.',
  brChoosePin: 'Choose a PIN',
  brChoosePinHelp: 'Head office sent {{name}} to this shop. The PIN stays on this PC.',
  brNewPin: 'New PIN, 6 digits',
  brSupervisorPin: 'PIN of a supervisor or the owner',
  brNoPinYet: 'no PIN yet',
} as const;
