/** English: head office. Rule kept: hi-sync.ts has the same keys. No word of ours (journal, push, batch) reaches a person. */
export const enSync = {
  eJoinNoServer: 'No head office answers at this address. Check the address and the network.',
  eJoinCodeUnknown: 'Head office does not know this code. Read it again, or ask for a new one.',
  eJoinCodeUsed: 'This code was used already. Ask head office for a new one.',
  eJoinCodeExpired: 'This code is too old. Ask head office for a new one.',
  eJoinOtherStore: 'This PC has bills of its own shop. Ask head office for a code of a new store.',
} as const;
