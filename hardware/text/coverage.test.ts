import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainStyle } from '#core/billing/receipt-layout.ts';
import { propertyRuns } from '#tests/property-runs.ts';
import { inkOf } from './bitmap.ts';
import { readCoverage } from './coverage.ts';
import { makeLegible } from './legible.ts';
import { openTextRaster } from './raster.ts';

const require = createRequire(import.meta.url);
const fontOf = (script: string, name = `noto-sans-${script}`): Buffer =>
  readFileSync(require.resolve(`@fontsource/${name}/files/${name}-${script}-500-normal.woff2`));

/** Letters, marks and digits that each script can't do without. */
const needed = {
  devanagari: 'अआइकखगघङचछजझञटठडढणतथदधनपफबभमयरलवशषसहािीुूृेैोौंँः़्०९।',
  bengali: 'অআকখগঙচজঞটডণতদনপবমযরলশষসহািীুূৃেৈোৌংঃ্য়ড়০৯',
  gurmukhi: 'ਅਆਕਖਗਘਚਜਟਡਣਤਦਨਪਬਮਯਰਲਵਸਹਾਿੀੁੂੇੈੋੌੰੱ਼੍੦੯',
  gujarati: 'અઆકખગઘચજટડણતદનપબમયરલવશષસહાિીુૂૃેૈોૌં્૦૯',
  oriya: 'ଅଆକଖଗଘଚଜଟଡଣତଦନପବମଯରଲଶଷସହାିୀୁୂୃେୈୋୌଂ଼୍୦୯',
  tamil: 'அஆகஙசஞடணதநனபமயரலவழளறஷஸஹாிீுூெேைொோௌ்',
  telugu: 'అఆకఖగఘచజటడణతదనపబమయరలవశషసహాిీుూృెేైొోౌం్౦౯',
  kannada: 'ಅಆಕಖಗಘಚಜಟಡಣತದನಪಬಮಯರಲವಶಷಸಹಾಿೀುೂೃೆೇೈೊೋೌಂ್೦೯',
  malayalam: 'അആകഖഗഘചജടഡണതദനപബമയരലവശഷസഹാിീുൂൃെേൈൊോൌം്ൻർൽൾ',
} as const;

describe('what a font has', () => {
  it.each(Object.entries(needed))('%s has all of its letters', (script, letters) => {
    const chars = readCoverage(fontOf(script));
    expect([...letters].filter((char) => !chars?.has(char.codePointAt(0) ?? 0))).toEqual([]);
    expect(chars?.has(0x8336)).toBe(false);
  });

  it('₹ is in the extended Latin file, not in the other', () => {
    expect(readCoverage(fontOf('latin-ext', 'noto-sans'))?.has(0x20b9)).toBe(true);
    expect(readCoverage(fontOf('latin', 'noto-sans'))?.has(0x20b9)).toBe(false);
  });

  it('no file and no damage is a fault', () => {
    const file = fontOf('tamil');
    expect(readCoverage(Buffer.from('not a font'))).toBeNull();
    fc.assert(
      fc.property(fc.nat(file.length), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const damaged = Buffer.from(file.subarray(0, Math.max(60, at)));
        damaged[Math.min(at, 200)] = byte;
        const chars = readCoverage(damaged);
        expect(chars === null || chars.size < 70_000).toBe(true);
      }),
      { numRuns: propertyRuns() / 10 },
    );
  });
});

const opened = await openTextRaster();
if (opened === null) throw new Error('no font engine');
const raster = opened;
const row = (text: string): string =>
  Buffer.from(raster.drawRow([{ text, x: 0, width: 576, align: 'left', style: plainStyle }], 576).bits).toString('hex');

describe('what no font has', () => {
  it('is left out, not drawn as a box', () => {
    expect(raster.legible('Tea 🍵 100 g')).toBe('Tea 100 g');
    expect(raster.legible('चाय茶')).toBe('चाय');
    expect(row('Tea 🍵 100 g')).toBe(row('Tea 100 g'));
    expect(row('चाय\u{10ffff}')).toBe(row('चाय'));
    // The engine alone would have drawn something there.
    expect(raster.measure('चाय茶', plainStyle)).toBe(raster.measure('चाय', plainStyle));
  });

  it('and nothing else: its code points', () => {
    expect(raster.legible('茶')).toBe('U+8336');
    expect(row('茶')).toBe(row('U+8336'));
  });

  it('everything of the ten scripts stands, joiners too', () => {
    for (const text of [...Object.values(needed), 'क्\u200dष র\u200d্য', '₹1,23,456.50 “x” – é ½ °C ™']) {
      expect(raster.legible(text)).toBe(text);
    }
    expect(
      inkOf(raster.drawRow([{ text: '₹', x: 0, width: 24, align: 'left', style: plainStyle }], 24)),
    ).toBeGreaterThan(20);
  });

  it('leaves no character without a glyph, whatever the text', () => {
    const has = (char: string): boolean => char < '\u0100' || (char >= '\u0900' && char < '\u0d80');
    const legible = makeLegible(has);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
        for (const char of legible(text)) {
          expect(has(char) || /[\p{Default_Ignorable_Code_Point}\p{White_Space}]/u.test(char)).toBe(true);
        }
      }),
      { numRuns: propertyRuns() / 2 },
    );
  });
});
