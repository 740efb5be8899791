import { describe, expect, it } from 'vitest';
import { en, type WordKey } from './en.ts';
import { hi } from './hi.ts';

const keys = Object.keys(en) as WordKey[];
const holes = (text: string): readonly string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1] ?? '').sort();

describe('the two languages', () => {
  it('leave the same holes to fill', () => {
    const differing = keys.filter((key) => holes(en[key]).join() !== holes(hi[key]).join());
    expect(differing).toEqual([]);
  });
  it('have no empty sentence, and Hindi writes digits 0–9', () => {
    expect(keys.filter((key) => en[key].trim() === '' || hi[key].trim() === '')).toEqual([]);
    expect(keys.filter((key) => /[०-९]/.test(hi[key]))).toEqual([]);
  });
  it('have both plural forms', () => {
    const ones = keys.filter((key) => key.endsWith('_one'));
    expect(ones.filter((key) => !((key.replace(/_one$/, '_other') as WordKey) in en))).toEqual([]);
  });
});

// screens.md §6, to the letter; {{…}} where the table shows an example.
describe('exact words', () => {
  it.each([
    [
      'unknownCode',
      'Not in the catalogue: {{code}}. Enter: add it. Del: leave it out.',
      'यह सामान सूची में नहीं: {{code}}। Enter: जोड़ें। Del: छोड़ें।',
    ],
    ['eBadCheckDigit', 'The scan was not clean. Scan again.', 'स्कैन साफ़ नहीं हुआ। दोबारा स्कैन करें।'],
    ['mrpTitle', 'Read the MRP printed on the pack', 'पैकेट पर छपी MRP देखें'],
    ['ePriceAboveMrp', '₹{{price}} is above the MRP ₹{{mrp}}. Lower it.', '₹{{price}}, MRP ₹{{mrp}} से ज़्यादा है। कम करें।'],
    ['eBatchExpired', 'This pack expired on {{date}}. Don’t sell it.', 'यह पैकेट {{date}} को ख़राब हो चुका है। न बेचें।'],
    ['belowZero', 'Sold. Stock now shows {{stock}}; count it later.', 'बिक गया। स्टॉक {{stock}} दिखा रहा है; बाद में गिनें।'],
    ['removed', 'Removed: {{name}}. Ctrl Z brings it back.', 'हटाया: {{name}}। Ctrl Z से वापस।'],
    ['short', '₹{{amount}} still to collect', '₹{{amount}} और लेना है'],
    ['giveBack', 'Give back ₹{{amount}}', '₹{{amount}} वापस दें'],
    ['saved', 'Bill {{number}} saved', 'बिल {{number}} सुरक्षित'],
    [
      'cutQuestion',
      'Did bill {{number}} come out whole? Y yes, N print again as DUPLICATE',
      'बिल {{number}} पूरा छपा? Y हाँ, N दोबारा छापें (DUPLICATE)',
    ],
    ['eNoShift', 'Open your shift first: count the float.', 'पहले शिफ़्ट खोलें: गल्ला गिनें।'],
    [
      'eClockWrong',
      'The PC says {{date}}. Set the right date to go on billing.',
      'PC में तारीख़ {{date}} है। बिलिंग के लिए सही तारीख़ लगाएँ।',
    ],
    [
      'diskFull',
      'The disk is full. All bills are safe. Free some space, then go on.',
      'डिस्क भर गई। सब बिल सुरक्षित हैं। जगह ख़ाली करें, फिर आगे बढ़ें।',
    ],
    [
      'otherWindow',
      'This till is open in another window. Enter: use it here.',
      'यह काउंटर दूसरी विंडो में खुला है। Enter: यहाँ चलाएँ।',
    ],
    [
      'fault',
      'Something failed here ({{id}}). All finished bills and this cart are safe. R: go on.',
      'यहाँ कुछ रुक गया ({{id}})। सब बिल और यह कार्ट सुरक्षित हैं। R: आगे बढ़ें।',
    ],
    [
      'importResult',
      '{{added}} rows can be added, {{refused}} not. Nothing is written yet.',
      '{{added}} पंक्तियाँ जुड़ सकती हैं, {{refused}} नहीं। अभी कुछ लिखा नहीं।',
    ],
  ] as const)('%s', (key, english, hindi) => {
    expect(en[key]).toBe(english);
    expect(hi[key]).toBe(hindi);
  });
});
