/** Searching as an Indian shopper types: what must be found, and what must not. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../tests/property-runs.ts';
import { foldRoman, romanise, romanKeys } from './roman-key.ts';
import { foldText, isFoundBy, searchQuery, searchTerms } from './search-text.ts';

/** Found by its Hindi name alone: the English name says nothing. */
const finds = (typed: string, nameHi: string): boolean =>
  isFoundBy(searchTerms({ name: '–', nameHi, brand: null, code: '0' }), searchQuery(typed));

const spoken: readonly (readonly [string, string])[] = [
  ['चीनी', 'chini cheeni cini chinee'],
  ['आटा', 'ata atta aata aatta'],
  ['दाल', 'dal daal dhal'],
  ['चावल', 'chawal chaval chaawal'],
  ['नमक', 'namak'],
  ['नमकीन', 'namkeen namkin namakeen'],
  ['तेल', 'tel'],
  ['तिल', 'til'],
  ['घी', 'ghee ghi'],
  ['दूध', 'doodh dudh'],
  ['दही', 'dahi dahee'],
  ['पनीर', 'paneer panir'],
  ['मक्खन', 'makkhan makhan'],
  ['चाय', 'chai chay'],
  ['कॉफी', 'coffee kofi'],
  ['जीरा', 'jeera zeera jira zira'],
  ['हल्दी', 'haldi haldee'],
  ['मिर्च', 'mirch mirchh'],
  ['धनिया', 'dhaniya dhania'],
  ['सरसों', 'sarson sarso'],
  ['सौंफ', 'saunf sonf'],
  ['लौंग', 'laung long'],
  ['इलायची', 'elaichi ilaichi ilaychi'],
  ['दालचीनी', 'dalchini daalcheeni'],
  ['हींग', 'hing heeng'],
  ['अजवाइन', 'ajwain ajvain'],
  ['काली मिर्च', 'kali mirch'],
  ['गरम मसाला', 'garam masala'],
  ['बेसन', 'besan'],
  ['मैदा', 'maida meda'],
  ['सूजी', 'sooji suji'],
  ['पोहा', 'poha'],
  ['साबूदाना', 'sabudana saboodana'],
  ['राजमा', 'rajma raajma'],
  ['छोले', 'chole chhole'],
  ['चना', 'chana channa'],
  ['मूँग', 'moong mung'],
  ['मूंगफली', 'moongfali mungphali moongphali'],
  ['मसूर', 'masoor masur'],
  ['उड़द', 'urad udad'],
  ['अरहर', 'arhar'],
  ['तूर', 'toor tur'],
  ['गुड़', 'gud gur'],
  ['शक्कर', 'shakkar sakkar'],
  ['मिश्री', 'mishri misri'],
  ['पापड़', 'papad papar paapad'],
  ['अचार', 'achar achaar'],
  ['किशमिश', 'kishmish kismis'],
  ['काजू', 'kaju kaaju'],
  ['बादाम', 'badam baadaam'],
  ['अखरोट', 'akhrot akrot'],
  ['नारियल', 'nariyal narial'],
  ['आलू', 'aloo alu aaloo'],
  ['प्याज', 'pyaj pyaz piaz'],
  ['टमाटर', 'tamatar'],
  ['लहसुन', 'lahsun lehsun'],
  ['अदरक', 'adrak'],
  ['भिंडी', 'bhindi'],
  ['बैंगन', 'baingan'],
  ['फूलगोभी', 'phoolgobhi fulgobi'],
  ['साबुन', 'sabun saabun'],
  ['झाड़ू', 'jhadu jhaadoo jharu'],
  ['माचिस', 'machis maachis'],
  ['अगरबत्ती', 'agarbatti agarbati'],
  ['मोमबत्ती', 'mombatti'],
  ['कपूर', 'kapoor kapur'],
  ['पाव', 'pav paav pao'],
  ['शहद', 'shahad shehad'],
  ['अंडा', 'anda'],
  ['केसर', 'kesar'],
  ['सेवई', 'sevai'],
  ['वनस्पति', 'vanaspati'],
  ['सिरका', 'sirka'],
  ['जूस', 'joos jus'],
  ['रुई', 'rui'],
  ['मेहंदी', 'mehandi mehendi'],
  ['ज़ीरा', 'jeera'],
  ['बिस्कुट', 'biskut'],
];

describe('Roman letters find Hindi', () => {
  it.each(spoken)('%s by %s', (nameHi, typed) => {
    for (const word of nameHi.includes(' ') ? [typed] : typed.split(' ')) {
      expect(finds(word, nameHi), `${word} → ${foldRoman(word)}, ${nameHi} → ${romanKeys(nameHi).join(' ')}`).toBe(
        true,
      );
    }
  });

  it('knows more than sixty words', () => expect(spoken.length).toBeGreaterThanOrEqual(60));

  it.each([
    ['tel', 'तिल'],
    ['til', 'तेल'],
    ['dal', 'दिल'],
    ['dal', 'दूध'],
    ['chini', 'चना'],
    ['chana', 'चीनी'],
    ['chai', 'चना'],
    ['atta', 'अंडा'],
    ['anda', 'आटा'],
    ['aloo', 'तेल'],
    ['kaju', 'कचरी'],
    ['gud', 'घी'],
    ['ghee', 'गुड़'],
    ['masoor', 'मसाला'],
    ['masala', 'मसूर'],
    ['moong', 'मूली'],
    ['mooli', 'मूंग'],
    ['namak', 'नमी'],
    ['haldi', 'हींग'],
    ['poha', 'पापड़'],
    ['besan', 'बेसिन'],
    ['rajma', 'राई'],
    ['jeera', 'जूस'],
    ['pyaz', 'पाव'],
    ['dahi', 'दाल'],
    ['sabun', 'साबूदाना'],
    ['chini', 'चाय पत्ती'],
    ['xyz', 'चीनी'],
  ])('%s does not find %s', (typed, nameHi) => {
    expect(finds(typed, nameHi), `${foldRoman(typed)} in ${romanKeys(nameHi).join(' ')}`).toBe(false);
  });

  it('finds while the word is still being typed', () => {
    for (const typed of ['c', 'ch', 'chi', 'chin', 'chini']) expect(finds(typed, 'चीनी'), typed).toBe(true);
    for (const typed of ['d', 'dh', 'dha', 'dhan', 'dhani', 'dhaniy', 'dhaniya']) {
      expect(finds(typed, 'धनिया पाउडर'), typed).toBe(true);
    }
  });

  it('names the likeliest key', () => {
    expect(romanise('चीनी')).toBe('cini');
    expect(romanise('अगरबत्ती')).toBe('agarbati');
    expect(romanise('अरहर दाल 1 किग्रा')).toBe('arhar dal 1 kigra');
    expect(foldRoman('Cheeni 5kg')).toBe('cini 5kg');
  });
});

describe('native and Latin text', () => {
  it('folds case, accents, punctuation, digits, nukta and nasals', () => {
    expect(foldText('  Café—Déluxe™ (1.5L) ')).toBe('cafe deluxetm 1 5l');
    expect(foldText('पापड़')).toBe(foldText('पापड'));
    expect(foldText('मूँग')).toBe(foldText('मूंग'));
    expect(foldText('अण्डा')).toBe(foldText('अंडा'));
    expect(foldText('५ किलो')).toBe('5 किलो');
    expect(foldText("Sharma's")).toBe('sharmas');
    expect(foldText('चीनी')).toBe('चीनी');
    expect(foldText('சர்க்கரை')).toBe('சர்க்கரை');
    expect(foldText('!!!')).toBe('');
  });

  it('finds by Hindi, by part of a name, by code, by brand, by other scripts', () => {
    const terms = searchTerms({ name: 'Toor Dal (Loose)', nameHi: 'अरहर दाल खुली', brand: 'Kesar Bagh', code: 'D-101' });
    for (const typed of ['toor', 'dal too', 'दाल', 'अर', 'arhar', 'kesar', 'd 101', 'D-101', 'khuli', 'oose']) {
      expect(isFoundBy(terms, searchQuery(typed)), typed).toBe(true);
    }
    for (const typed of ['', '!!', 'moong', 'toor moong', 'al'])
      expect(isFoundBy(terms, searchQuery(typed)), typed).toBe(false);
    const tamil = searchTerms({ name: 'Sugar', nameHi: 'சர்க்கரை', brand: null, code: '7' });
    expect(isFoundBy(tamil, searchQuery('சர்க்'))).toBe(true);
  });

  it('folding is stable and never throws', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({ unit: fc.constantFrom(...'कचनतदशय़्िीोंँअआइ chaeiouy5'), maxLength: 20 }),
    );
    fc.assert(
      fc.property(anything, (text) => {
        expect(foldText(foldText(text))).toBe(foldText(text));
        expect(foldText(text)).not.toMatch(/ {2}|^ | $/);
        for (const key of romanKeys(text)) expect(key).toMatch(/^[a-z0-9]+$/);
        expect(foldRoman(text)).toMatch(/^[a-z0-9 ]*$/);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('a name always finds its item', () => {
    for (const [nameHi] of spoken) expect(finds(nameHi, nameHi), nameHi).toBe(true);
  });
});
