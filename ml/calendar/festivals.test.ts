import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataPath, noData } from '#tests/data.ts';
import { corrections } from './almanac/corrections.ts';
import { tableText } from './almanac/table-text.ts';
import { dayOf, dayOfParts, textOfDay } from './days.ts';
import { familiesOf, festivalDaysOf, isPayday, mainDaysOf, signedDistance } from './festivals.ts';

const day = (text: string): number => dayOf(text) ?? Number.NaN;

describe('the festival table', () => {
  it('is what the almanac writes, to the byte', () => {
    expect(readFileSync(join(import.meta.dirname, 'festival-table.ts'), 'utf8')).toBe(tableText());
  });
  it('has each main day once a year (Islamic ones may come twice), 2015 to 2035', () => {
    for (const family of familiesOf('27')) {
      for (let year = 2015; year <= 2035; year += 1) {
        const count = mainDaysOf(family, '27').filter(
          (at) => at >= dayOfParts(year, 1, 1) && at <= dayOfParts(year, 12, 31),
        ).length;
        const isIslamic = ['eidAlFitr', 'eidAlAdha', 'muharram', 'milad'].includes(family);
        expect(count, `${family} ${year}`).toBeGreaterThanOrEqual(1);
        expect(count, `${family} ${year}`).toBeLessThanOrEqual(isIslamic ? 2 : 1);
      }
    }
  });
  it('uses every correction that it was given', () => {
    const used = festivalDaysOf(null)
      .concat(festivalDaysOf('19'))
      .filter(({ isCorrected }) => isCorrected);
    for (const { name, rule, days } of corrections) {
      expect(used.map((row) => `${row.name} ${textOfDay(row.day)}`)).toContain(
        `${name} ${textOfDay(day(rule) + days)}`,
      );
    }
  });
  it('marks moons that nobody has seen yet', () => {
    const eid = festivalDaysOf(null).filter(({ name }) => name === 'Eid al-Fitr');
    expect(eid.find(({ isEstimated }) => isEstimated)?.day).toBeGreaterThan(day('2026-11-20'));
    expect(eid.filter(({ isEstimated }) => !isEstimated)).toHaveLength(12);
  });
});

describe('days of festivals', () => {
  it('are measured from 21 before to 7 after, to the nearest', () => {
    const diwali = mainDaysOf('diwali', null);
    expect(signedDistance(diwali, day('2026-11-08'))).toBe(0);
    expect(signedDistance(diwali, day('2026-10-18'))).toBe(-21);
    expect(signedDistance(diwali, day('2026-10-17'))).toBeNull();
    expect(signedDistance(diwali, day('2026-11-15'))).toBe(7);
    expect(signedDistance(diwali, day('2026-11-16'))).toBeNull();
    expect(signedDistance(diwali, day('2040-11-01'))).toBeNull();
  });
  it('are those of the state', () => {
    expect(familiesOf('32')).toContain('onam');
    expect(familiesOf('07')).not.toContain('onam');
    expect(familiesOf(null)).not.toContain('onam');
    expect(familiesOf('no State')).toEqual(familiesOf(null));
    expect(mainDaysOf('baisakhi', '19').map(textOfDay)).toContain('2025-04-15');
    expect(mainDaysOf('baisakhi', '03').map(textOfDay)).toContain('2026-04-14');
    expect(mainDaysOf('baisakhi', '24')).toEqual([]);
  });
  it('are pay-days as configured', () => {
    expect([1, 7, 8, 24, 25, 31].map((date) => isPayday(dayOfParts(2026, 1, date)))).toEqual([
      true,
      true,
      false,
      false,
      true,
      true,
    ]);
    expect(isPayday(dayOfParts(2026, 1, 10), [[10, 10]])).toBe(true);
  });
});

/** The other table's name of each of ours, and where the two may differ: their day → why ours stands. */
type Peer = { readonly name: string; readonly differs?: Readonly<Record<string, string>> };
const sighting = 'both are estimates of a sighting to come';
const peers: Readonly<Record<string, Peer>> = {
  'New Year': { name: "New Year's Day" },
  'Makar Sankranti': {
    name: 'Makar Sankranti',
    differs: {
      '2023-01-14': 'the sun entered Makara after sunset of the 14th; optional day, kept on the 15th by most',
      '2024-01-14': 'the sun entered Makara at 2:40 on the 15th; optional day',
    },
  },
  Pongal: { name: 'Pongal' },
  'Vasant Panchami': {
    name: 'Basant Panchami / Shri Panchami',
    differs: { '2019-02-09': 'the fifth began after noon' },
  },
  'Republic Day': { name: 'Republic Day' },
  'Maha Shivaratri': { name: 'Maha Shivaratri' },
  Holi: { name: 'Holi', differs: { '2026-03-03': 'the day of some states; the gazetted one is the 4th' } },
  'Holika Dahan': { name: 'Holika Dahan' },
  'Ugadi, Gudi Padwa': { name: 'Ugadi' },
  'Ram Navami': { name: 'Ram Navami' },
  'Mahavir Jayanti': { name: "Mahavira's Birthday" },
  'Good Friday': { name: 'Good Friday' },
  Easter: { name: 'Easter Sunday' },
  Baisakhi: { name: 'Vaisakhi', differs: { '2025-04-13': 'the sun entered Mesha at 3:21 on the 14th' } },
  'Puthandu, Vishu, Bohag Bihu': { name: 'Puthandu (Tamil New Year)' },
  'Ambedkar Jayanti': { name: "Dr. B. R. Ambedkar's Birthday" },
  'Akshaya Tritiya': {
    name: 'Akshay Tritiya',
    differs: {
      '2015-04-20': 'theirs is the day on which the third begins, ours has it in the forenoon',
      '2016-05-08': 'as 2015',
      '2020-04-25': 'as 2015',
      '2025-04-29': 'as 2015; kept on the 30th',
      '2027-05-08': 'as 2015',
    },
  },
  'Buddha Purnima': { name: 'Buddha Purnima' },
  'Eid al-Fitr': { name: 'Eid al-Fitr' },
  'Eid al-Adha': { name: 'Eid al-Adha' },
  'Muharram (Ashura)': { name: 'Ashura', differs: { '2029-05-24': sighting, '2030-05-13': sighting } },
  'Milad-un-Nabi': { name: "Prophet's Birthday" },
  'Rath Yatra': { name: 'Rath Yatra' },
  'Independence Day': { name: 'Independence Day' },
  'Raksha Bandhan': { name: 'Raksha Bandhan' },
  Janmashtami: { name: 'Janmashtami (Vaishnava)' },
  'Janmashtami (Smarta)': { name: 'Janmashtami (Smarta)' },
  'Ganesh Chaturthi': { name: 'Ganesh Chaturthi / Vinayak Chaturthi' },
  'Onam (Thiruvonam)': {
    name: 'Onam',
    differs: {
      '2016-09-13': 'First Onam; Thiruvonam was the 14th',
      '2018-08-24': 'First Onam; Thiruvonam was the 25th',
      '2027-09-12': 'the moon is in Shravana at the sunrise of the 12th and the 13th; ours is the later',
    },
  },
  'Gandhi Jayanti': { name: "Mahatma Gandhi's Birthday" },
  Dussehra: { name: 'Dussehra' },
  'Sharad Navratri begins': { name: 'Sharad Navratri' },
  'Durga Puja (Saptami)': { name: 'Mahasaptami', differs: { '2020-10-22': 'theirs counts back from Dussehra' } },
  'Durga Ashtami': { name: 'Mahashtami', differs: { '2020-10-23': 'theirs counts back from Dussehra' } },
  'Maha Navami': { name: 'Mahanavami' },
  'Karwa Chauth': { name: 'Karaka Chaturthi (Karwa Chouth)' },
  Diwali: { name: 'Diwali (Deepavali)' },
  'Naraka Chaturdashi': { name: 'Naraka Chaturdashi' },
  'Govardhan Puja': {
    name: 'Govardhan Puja',
    differs: {
      '2019-10-28': 'theirs is the day after Diwali',
      '2020-11-15': 'theirs is the day after Diwali',
      '2022-10-25': 'an eclipse; kept on the 26th',
      '2023-11-13': 'theirs is the day after Diwali',
    },
  },
  'Bhai Dooj': { name: 'Bhai Duj', differs: { '2023-11-14': 'gazetted for the 15th' } },
  'Chhath Puja': { name: 'Chhath Puja' },
  'Guru Nanak Jayanti': { name: "Guru Nanak's Birthday" },
  Christmas: { name: 'Christmas' },
};

describe('the table beside a public one', () => {
  const path = dataPath('holidays/india_holidays_2015_2030.csv');
  it.skipIf(path === null)(`agrees on every public festival, or says why not (${noData})`, () => {
    const rows = readFileSync(path ?? '', 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
    const ours = new Map<string, Set<number>>();
    const states = ['33', '32', '19', '03', '27', '07', '24'];
    for (const row of states.flatMap((state) => festivalDaysOf(state))) {
      const days = ours.get(row.name) ?? new Set();
      ours.set(row.name, days.add(row.day));
    }
    const compared = new Set<string>();
    const found: string[] = [];
    for (const [name, { name: theirs, differs = {} }] of Object.entries(peers)) {
      const dates = [...new Set(rows.filter((row) => row[1] === theirs).map((row) => row[0] ?? ''))];
      compared.add(theirs);
      const missed = dates.filter((date) => ours.get(name)?.has(day(date)) !== true);
      found.push(`${name}: ${dates.length - missed.length} of ${dates.length}`);
      expect(missed, name).toEqual(Object.keys(differs));
    }
    // Every day that the whole country has off is among those that were compared.
    const isPublic = new Set(rows.filter((row) => row[2] === 'public').map((row) => row[1] ?? ''));
    expect([...isPublic].filter((name) => !compared.has(name))).toEqual([]);
    process.stderr.write(`${found.join(', ')}\n`);
  });
});
