/**
 * One spelling for what a shopper types in Roman letters and what a Hindi name sounds like: चीनी, chini, cheeni
 * and cini all become "cini". Rule kept: both ways end in the same small alphabet (no aspirates, no long
 * vowels, no doubled letters), so equal keys mean "sounds alike". Never shown to a person, only searched.
 * Known price: भ/ब, ठ/ट, श/स, ज़/ज fall together (bhindi finds bindi too); तेल/तिल, चना/चीनी stay apart.
 * Schwa deletion after Ohala 1983 (a schwa falls between VC and CV); where the direction of the rule makes a
 * difference, both results are indexed.
 */

/** "कk खk": each letter and what it becomes. */
const lettersOf = (pairs: string): ReadonlyMap<string, string> =>
  new Map(pairs.split(' ').map((pair): [string, string] => [pair.slice(0, 1), pair.slice(1)]));
const consonants = lettersOf(
  'कk खk गg घg ङn चc छc जj झj ञn टt ठt डd ढd णn तt थt दd धd नn पp फf बb भb मm यy रr लl ळl वv शs षs सs हh',
);
const vowels = lettersOf('अa आa इi ईi उu ऊu ऋri एe ऐai ओo औau ऍe ऑo ाa िi ीi ुu ूu ृri ेe ैai ोo ौau ॅe ॉo');
const nukta = '\u093c';
const virama = '\u094d';

/** A sound of the word; `flap` is ड़/ढ़, which people write d or r. */
type Phone = { readonly kind: 'C' | 'V' | 'nasal'; readonly text: string; readonly schwa?: true; readonly flap?: true };

function phonesOf(word: string): Phone[] {
  const phones: Phone[] = [];
  const letters = [...word];
  for (let i = 0; i < letters.length; i += 1) {
    const letter = letters[i] ?? '';
    const consonant = consonants.get(letter);
    const vowel = vowels.get(letter);
    if (consonant !== undefined) {
      const dotted = letters[i + 1] === nukta;
      if (dotted) i += 1;
      const flap = dotted && (letter === 'ड' || letter === 'ढ');
      phones.push({ kind: 'C', text: consonant, ...(flap ? { flap } : {}) });
      const next = letters[i + 1] ?? '';
      if (next === virama) i += 1;
      else if (!vowels.has(next) || /[अ-औ]/.test(next)) phones.push({ kind: 'V', text: 'a', schwa: true });
    } else if (vowel !== undefined) {
      phones.push({ kind: 'V', text: vowel });
    } else if (letter === 'ं' || letter === 'ँ') {
      phones.push({ kind: 'nasal', text: 'n' });
    } else if (/[0-9a-z]/.test(letter)) {
      phones.push({ kind: 'C', text: letter });
    }
  }
  return phones;
}

/** The last schwa is silent as soon as the word has another vowel: नमक is namak. */
function withoutFinalSchwa(phones: readonly Phone[]): readonly Phone[] {
  const last = phones.at(-1);
  const others = phones.slice(0, -1);
  return last?.schwa === true && others.some((phone) => phone.kind === 'V') ? others : phones;
}

/** Whether the schwa at `i` stands between VC and CV; a nasal before the consonant counts as part of it. */
function falls(phones: readonly Phone[], i: number): boolean {
  if (phones[i]?.schwa !== true || phones[i - 1]?.kind !== 'C') return false;
  const before = phones[i - 2]?.kind === 'nasal' ? phones[i - 3] : phones[i - 2];
  return before?.kind === 'V' && phones[i + 1]?.kind === 'C' && phones[i + 2]?.kind === 'V';
}

function withoutSchwas(phones: readonly Phone[], from: 'left' | 'right'): readonly Phone[] {
  const left = [...phones];
  if (from === 'left') {
    for (let i = 0; i < left.length; i += 1) if (falls(left, i)) left.splice(i, 1);
  } else {
    for (let i = left.length - 1; i >= 0; i -= 1) if (falls(left, i)) left.splice(i, 1);
  }
  return left;
}

/** The rules both ways share, on lower-case letters. */
const settled = (word: string): string =>
  word
    .replace(/(.)\1+/g, '$1')
    .replace(/eh(e?)/g, (_, e: string) => (e === '' ? 'ah' : 'aha'))
    .replace(/m(?=[pbf])/g, 'n')
    .replace(/ao(?=[^n]|$)/g, 'av')
    .replace(/iy(?=[aeou]|$)/g, 'i')
    .replace(/([^aeiou])y(?=[aeou]|$)/g, '$1i')
    .replace(/([aeou])y(?=[^aeiou]|$)/g, '$1i')
    .replace(/(.)\1+/g, '$1');

const textOf = (phones: readonly Phone[]): string => settled(phones.map((phone) => phone.text).join(''));

function variantsOf(word: string): readonly string[] {
  const phones = withoutFinalSchwa(phonesOf(word));
  let spoken: readonly Phone[][] = [
    [...withoutSchwas(phones, 'right')],
    [...withoutSchwas(phones, 'left')],
    [...phones],
  ];
  // Where people differ in writing the same sound, the other writing is indexed beside the first.
  const also = (from: (phone: Phone, i: number) => boolean, text: string): void => {
    if (!phones.some(from)) return;
    spoken = [
      ...spoken,
      ...spoken.map((list) => list.map((phone, i) => (from(phone, i) ? { ...phone, text } : phone))),
    ];
  };
  also((phone) => phone.flap === true, 'r');
  also((phone) => phone.text === 'au', 'o');
  also((phone) => phone.text === 'ai', 'e');
  also((phone, i) => i === 0 && phone.text === 'i', 'e');
  return [...new Set(spoken.map(textOf))].filter((text) => text !== '').slice(0, 12);
}

const devanagari = /[\u0900-\u097f]/;
const wordsOf = (text: string): readonly string[] =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f\u200b-\u200d'’]/g, '')
    .split(/[^a-z0-9\u0900-\u0963\u0971-\u097f]+/)
    .filter((word) => word !== '');

/** "चीनी" → "cini", "अगरबत्ती" → "agarbati": the likeliest key of each Devanagari word; Roman words are folded. */
export const romanise = (text: string): string =>
  wordsOf(text)
    .map((word) => (devanagari.test(word) ? (variantsOf(word)[0] ?? '') : foldRomanWord(word)))
    .filter((word) => word !== '')
    .join(' ');

/** Every key worth indexing, once each, in the order of the words. */
export const romanKeys = (text: string): readonly string[] => [
  ...new Set(wordsOf(text).flatMap((word) => (devanagari.test(word) ? variantsOf(word) : [foldRomanWord(word)]))),
];

/**
 * One Roman word as a shopper spells it. c is k but before e, i, y and at the end (there it is the
 * beginning of ch); an h after a consonant is dropped, as spelling of aspirates can't be relied on.
 */
function foldRomanWord(word: string): string {
  return settled(
    word
      .replace(/t?ch+/g, 'C')
      .replace(/ck/g, 'k')
      .replace(/c(?=[eiy]|$)/g, 'C')
      .replace(/c/g, 'k')
      .replace(/C/g, 'c')
      .replace(/ph/g, 'f')
      .replace(/([kgjtdbsz])h+/g, '$1')
      .replace(/z/g, 'j')
      .replace(/w/g, 'v')
      .replace(/q/g, 'k')
      .replace(/x/g, 'ks')
      .replace(/ee+|ii+/g, 'i')
      .replace(/oo+|uu+/g, 'u')
      .replace(/ou/g, 'au'),
  );
}

/** A shopper's spelling as keys: "Cheeni 5kg" → "cini 5kg". Devanagari words in it are romanised. */
export const foldRoman = (query: string): string => romanise(query);
