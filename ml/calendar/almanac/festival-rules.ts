/**
 * What each festival goes by: a fixed date, a tithi of a lunar month at an hour, the sun's entry into a sign, an Islamic
 * date, Easter. Rule kept: rules only; where India kept another day than the rule gives, corrections.ts says so.
 *
 * States stand here as on vehicle plates, to be read; festivals of the whole country say ALL.
 */
import type { Hour } from './lunar-months.ts';

export type Rule =
  | { readonly by: 'date'; readonly month: number; readonly date: number }
  /** Amanta month (Chaitra = 1), tithi 1 … 30, days after that day. */
  | { readonly by: 'tithi'; readonly month: number; readonly tithi: number; readonly at: Hour; readonly after?: number }
  /** The day on which the sun enters a sidereal sign (Mesha = 0), before that hour of India's clock, else the next. */
  | { readonly by: 'sign'; readonly sign: number; readonly before: number; readonly after?: number }
  /** The last day of the solar month on which the moon is in that asterism (Ashvini = 0) at sunrise. */
  | { readonly by: 'asterism'; readonly sign: number; readonly asterism: number }
  | { readonly by: 'islamic'; readonly month: number; readonly date: number }
  | { readonly by: 'easter'; readonly after: number };

export type FestivalRule = {
  readonly family: string;
  readonly name: string;
  /** The day that distances are measured to: one a family. */
  readonly isMain: boolean;
  readonly states: string;
  readonly rule: Rule;
};

const tithi = (month: number, of: number, at: Hour, after = 0): Rule => ({ by: 'tithi', month, tithi: of, at, after });
const date = (month: number, of: number): Rule => ({ by: 'date', month, date: of });
const islamic = (month: number, of: number): Rule => ({ by: 'islamic', month, date: of });

/** Amanta months and the dark half: Purnima is tithi 15, Amavasya 30; krishna n is 15 + n. */
const [chaitra, vaishakha, ashadha, shravana, bhadrapada, ashvina, kartika, magha, phalguna] = [
  1, 2, 4, 5, 6, 7, 8, 11, 12,
];

type Days = readonly (readonly [name: string, rule: Rule, states?: string])[];

/** family → its days, the first of them the main one. */
const families: Readonly<Record<string, Days>> = {
  newYear: [['New Year', date(1, 1)]],
  harvest: [
    ['Makar Sankranti', { by: 'sign', sign: 9, before: 18 }, 'ALL'],
    ['Lohri', { by: 'sign', sign: 9, before: 18, after: -1 }, 'CH DL HR HP JK PB'],
    ['Pongal', { by: 'sign', sign: 9, before: 18 }, 'AP PY TN TS'],
    ['Magh Bihu', { by: 'sign', sign: 9, before: 18 }, 'AS'],
  ],
  vasantPanchami: [['Vasant Panchami', tithi(magha, 5, 'forenoon'), 'BR DL HR JH OR PB TR UP WB']],
  republicDay: [['Republic Day', date(1, 26)]],
  shivaratri: [['Maha Shivaratri', tithi(magha, 29, 'midnight')]],
  holi: [
    ['Holi', tithi(phalguna, 15, 'bonfire', 1)],
    ['Holika Dahan', tithi(phalguna, 15, 'bonfire')],
  ],
  ugadi: [
    ['Ugadi, Gudi Padwa', tithi(chaitra, 1, 'sunrise'), 'AP DH GA KA MH TS'],
    ['Chaitra Navratri begins', tithi(chaitra, 1, 'sunrise'), 'BR CH CG DL HR HP JH JK MP PB RJ UK UP'],
  ],
  ramNavami: [['Ram Navami', tithi(chaitra, 9, 'noon')]],
  mahavirJayanti: [['Mahavir Jayanti', tithi(chaitra, 13, 'sunrise')]],
  goodFriday: [
    ['Good Friday', { by: 'easter', after: -2 }, 'AR GA KL MG MN MZ NL TN'],
    ['Easter', { by: 'easter', after: 0 }, 'AR GA KL MG MN MZ NL TN'],
  ],
  baisakhi: [
    ['Baisakhi', { by: 'sign', sign: 0, before: 24 }, 'CH DL HR HP JK PB UK'],
    ['Puthandu, Vishu, Bohag Bihu', { by: 'sign', sign: 0, before: 18 }, 'AS KL PY TN'],
    ['Poila Boishakh', { by: 'sign', sign: 0, before: 24, after: 1 }, 'TR WB'],
  ],
  ambedkarJayanti: [['Ambedkar Jayanti', date(4, 14)]],
  akshayaTritiya: [['Akshaya Tritiya', tithi(vaishakha, 3, 'forenoon')]],
  buddhaPurnima: [['Buddha Purnima', tithi(vaishakha, 15, 'sunrise')]],
  eidAlFitr: [
    ['Eid al-Fitr', islamic(10, 1)],
    ['Ramzan begins', islamic(9, 1)],
  ],
  eidAlAdha: [['Eid al-Adha', islamic(12, 10)]],
  muharram: [['Muharram (Ashura)', islamic(1, 10)]],
  milad: [['Milad-un-Nabi', islamic(3, 12)]],
  rathYatra: [['Rath Yatra', tithi(ashadha, 2, 'sunrise'), 'GJ OR WB']],
  independenceDay: [['Independence Day', date(8, 15)]],
  rakshaBandhan: [['Raksha Bandhan', tithi(shravana, 15, 'morning'), 'ALL']],
  janmashtami: [
    ['Janmashtami', tithi(shravana, 23, 'sunrise')],
    ['Janmashtami (Smarta)', tithi(shravana, 23, 'midnight')],
  ],
  ganeshChaturthi: [['Ganesh Chaturthi', tithi(bhadrapada, 4, 'noon'), 'AP CG DH GA GJ KA MH MP OR PY TN TS']],
  onam: [['Onam (Thiruvonam)', { by: 'asterism', sign: 4, asterism: 21 }, 'KL LD']],
  gandhiJayanti: [['Gandhi Jayanti', date(10, 2)]],
  dussehra: [
    ['Dussehra', tithi(ashvina, 10, 'victory')],
    ['Sharad Navratri begins', tithi(ashvina, 1, 'sunrise')],
    ['Durga Puja (Saptami)', tithi(ashvina, 7, 'sunrise'), 'AS BR JH OR TR WB'],
    ['Durga Ashtami', tithi(ashvina, 8, 'sunrise')],
    ['Maha Navami', tithi(ashvina, 9, 'afternoon')],
  ],
  karwaChauth: [['Karwa Chauth', tithi(ashvina, 19, 'moonrise'), 'CH DL HR HP JK MP PB RJ UK UP']],
  diwali: [
    ['Diwali', tithi(ashvina, 30, 'dusk')],
    ['Dhanteras', tithi(ashvina, 28, 'dusk')],
    ['Naraka Chaturdashi', tithi(ashvina, 29, 'dawn')],
    ['Govardhan Puja', tithi(kartika, 1, 'sunrise')],
    ['Bhai Dooj', tithi(kartika, 2, 'afternoon')],
  ],
  chhath: [['Chhath Puja', tithi(kartika, 6, 'sunrise'), 'BR DL JH UP']],
  guruNanak: [['Guru Nanak Jayanti', tithi(kartika, 15, 'sunrise')]],
  christmas: [['Christmas', date(12, 25)]],
};

/** GST codes of States (core/gst/place.ts), as the table has them. */
const codes: Readonly<Record<string, string>> = {
  ...{ JK: '01', HP: '02', PB: '03', CH: '04', UK: '05', HR: '06', DL: '07', RJ: '08', UP: '09', BR: '10' },
  ...{ AR: '12', NL: '13', MN: '14', MZ: '15', TR: '16', MG: '17', AS: '18', WB: '19', JH: '20', OR: '21' },
  ...{ CG: '22', MP: '23', GJ: '24', DH: '26', MH: '27', KA: '29', GA: '30', LD: '31', KL: '32', TN: '33' },
  ...{ PY: '34', TS: '36', AP: '37' },
};
const codesOf = (plates: string): string =>
  plates === 'ALL'
    ? plates
    : plates
        .split(' ')
        .map((plate) => codes[plate] ?? plate)
        .join(' ');

export const festivalRules: readonly FestivalRule[] = Object.entries(families).flatMap(([family, days]) =>
  days.map(([name, rule, states], at) => ({ family, name, isMain: at === 0, states: codesOf(states ?? 'ALL'), rule })),
);
