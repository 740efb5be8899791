/**
 * Where India kept, or has announced, another day than the almanac's rule gives. Rule kept: each says which day the rule
 * gave, how far the kept one is from it, and why; nothing is corrected that the rule already has right.
 */
export type Correction = {
  readonly name: string;
  /** The rule's own day. */
  readonly rule: string;
  readonly days: number;
  readonly why: string;
};

export const corrections: readonly Correction[] = [
  {
    name: 'Mahavir Jayanti',
    rule: '2016-04-19',
    days: 1,
    why: 'gazetted for the 20th; the thirteenth was there at both sunrises',
  },
  {
    name: 'Mahavir Jayanti',
    rule: '2027-04-19',
    days: -1,
    why: 'holiday lists have the 18th; the thirteenth is at the sunrise of the 19th for half an hour only',
  },
  {
    name: 'Akshaya Tritiya',
    rule: '2026-04-20',
    days: -1,
    why: 'kept on the 19th: at Delhi, where the sun rises later, the third begins within the forenoon',
  },
  {
    name: 'Eid al-Adha',
    rule: '2026-05-28',
    days: -1,
    why: 'gazetted for the 27th: the young moon was seen lower than usual',
  },
  {
    name: 'Ram Navami',
    rule: '2029-04-23',
    days: -1,
    why: 'holiday lists have the 22nd; the ninth has half an hour of both noons',
  },
  {
    name: 'Durga Puja (Saptami)',
    rule: '2026-10-17',
    days: 1,
    why: 'kept on the 18th; the seventh was at both sunrises',
  },
];
