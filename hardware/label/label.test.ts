import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withCheckDigit } from '#core/catalogue/check-digit.ts';
import { fillLabel, type LabelLayout } from '#core/label/fill-label.ts';
import type { LabelFacts } from '#core/label/label-facts.ts';
import { findPreset, labelPresets, textItem } from '#core/label/label-presets.ts';
import { code128Modules, code128Values, linearModules } from '#core/label/linear-code.ts';
import type { Milli } from '#core/quantity.ts';
import { propertyRuns } from '../../tests/property-runs.ts';
import { type Bitmap, inkOf, isBlack } from '../text/bitmap.ts';
import { makeTsplReader } from './emulator-tspl.ts';
import { type LabelEvent, makeZplReader } from './emulator-zpl.ts';
import { drawLayout } from './label-dots.ts';
import { drawLabel, encodeSheet } from './label-preview.ts';
import { openLabelRaster } from './label-raster.ts';
import type { LabelSetup } from './label-sheet.ts';
import { openMatrixCodes } from './matrix-code.ts';

const raster = await openLabelRaster();
if (raster === null) throw new Error('no font engine');
const tools = { raster, matrix: await openMatrixCodes() };
const bwip = (await import('bwip-js/node')).default;
const setup = (language: 'zpl' | 'tspl', letters: 'drawn' | 'printer' = 'drawn'): LabelSetup => ({
  language,
  dpi: 203,
  letters,
  darkness: 8,
});
const facts = (name: string, code = '8901030865275'): LabelFacts =>
  ({
    item: {
      name,
      nameHi: 'तूर दाल',
      brand: name,
      code: '10023',
      unit: 'pc',
      mrpPaise: 14_500,
      sellingPricePaise: 13_900,
      barcodes: [{ code, packQtyMilli: 1000, packName: null, sellingPricePaise: null, mrpPaise: null }],
    },
    batch: {
      id: 'b',
      code: 'AB-12/7',
      mrpPaise: 14_500,
      sellingPricePaise: 13_900,
      packedOn: '2026-10-04',
      expiresOn: '2027-04-03',
    },
    weightMilli: null,
    today: '2026-11-21',
    shop: {
      name: 'Mitra "Kirana" ^XZ',
      address: '12, Station Road',
      phone: '98200 12345',
      fssai: '11521998000123',
      masks: [{ kind: 'weight', pattern: '21.....{NNDDD}' }],
    },
  }) as unknown as LabelFacts;
const loose = (): LabelFacts => ({
  ...facts('Loose dal', withCheckDigit('210000500000')),
  weightMilli: 1235 as Milli,
});
const fill = (design: (typeof labelPresets)[number], goods: LabelFacts, language: 'en' | 'hi' = 'en') =>
  fillLabel(design, goods, { language, dpi: 203, measure: tools.raster.measure }).layout;
function presetOf(id: string) {
  const found = findPreset(id);
  if (found === null) throw new Error(`no preset ${id}`);
  return found;
}
const same = (a: Bitmap, b: Bitmap): boolean => Buffer.compare(Buffer.from(a.bits), Buffer.from(b.bits)) === 0;

/** An EAN-13 reader of its own: widths of the runs, by the tables' own arithmetic, from dots. */
function readEan13(picture: Bitmap, y: number): string | null {
  const dots = Array.from({ length: picture.width }, (_, x) => (isBlack(picture, x, y) ? '1' : '0')).join('');
  const runs =
    dots
      .replace(/^0+|0+$/g, '')
      .match(/1+|0+/g)
      ?.map((run) => run.length) ?? [];
  if (runs.length !== 59) return null;
  const module = runs[0] ?? 1;
  const widths = runs.map((run) => run / module);
  // Widths of a digit in set C, bar first; A is C from a space, B is A backwards.
  const patterns = ['3211', '2221', '2122', '1411', '1132', '1231', '1114', '1312', '1213', '3112'];
  const parities = ['000000', '001011', '001101', '001110', '010011', '011001', '011100', '010101', '010110', '011010'];
  let left = '';
  let sets = '';
  for (let i = 0; i < 6; i += 1) {
    const digit = widths.slice(3 + i * 4, 7 + i * 4).join('');
    const plain = patterns.indexOf(digit);
    const backwards = patterns.indexOf([...digit].toReversed().join(''));
    sets += plain >= 0 ? '0' : '1';
    left += String(plain >= 0 ? plain : backwards);
  }
  const right = Array.from({ length: 6 }, (_, i) =>
    patterns.indexOf(widths.slice(32 + i * 4, 36 + i * 4).join('')),
  ).join('');
  return `${parities.indexOf(sets)}${left}${right}`;
}

describe('bars are those of an encoder that is not ours', () => {
  const bwipModules = (kind: string, text: string): string => {
    const answer = bwip.raw(kind, text, {})[0] as { readonly sbs: readonly number[] };
    return answer.sbs.map((width, i) => (i % 2 === 0 ? '1' : '0').repeat(width)).join('');
  };
  it.each([
    ['ean13', '8901030865275', '8901030865275'],
    ['ean13', '4006381333931', '4006381333931'],
    ['ean8', '96385074', '96385074'],
    ['upca', '036000291452', '036000291452'],
  ] as const)('%s %s', (kind, data, text) => {
    expect(linearModules(kind, data)).toBe(bwipModules(kind, text));
  });
  it('EAN-13 of any number', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{12}$/), (digits) => {
        expect(linearModules('ean13', withCheckDigit(digits))).toBe(bwipModules('ean13', withCheckDigit(digits)));
      }),
      { numRuns: Math.ceil(propertyRuns() / 10) },
    );
  });
  it('every symbol character of Code 128', () => {
    const values = Array.from({ length: 103 }, (_, i) => i);
    const text = values.map((value) => `^${String(value).padStart(3, '0')}`).join('');
    expect(code128Modules([104, ...values])).toBe(
      (() => {
        const answer = bwip.raw('code128', `^104${text}`, { raw: true } as never)[0] as { sbs: number[] };
        return answer.sbs.map((width, i) => (i % 2 === 0 ? '1' : '0').repeat(width)).join('');
      })(),
    );
  });
});

/** Symbol values back to text, by the standard's own rules. */
function readCode128(values: readonly number[]): string {
  let set = values[0];
  let text = '';
  for (const value of values.slice(1)) {
    if (value === 102) text += '\u001d';
    else if (set === 105) {
      if (value === 100) set = 104;
      else text += String(value).padStart(2, '0');
    } else if (value === 99) set = 105;
    else text += String.fromCharCode(value + 32);
  }
  return text;
}
it('Code 128 says the text it was given, with any mix of digits and letters', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[ -~]{1,20}\d{0,8}[ -~]{0,8}$/), (text) => {
      expect(readCode128(code128Values(text, false) ?? [])).toBe(text);
    }),
    { numRuns: propertyRuns() },
  );
});

for (const language of ['zpl', 'tspl'] as const) {
  describe(language, () => {
    it.each(labelPresets.map((one) => [one.id, one] as const))('%s: the bytes draw the very layout', (id, design) => {
      for (const shown of ['en', 'hi'] as const) {
        const layout = fill(design, id.startsWith('weighed') ? loose() : facts('Toor dal 500 g'), shown);
        const picture = drawLabel(design.paper, layout, setup(language), tools);
        expect(same(picture, drawLayout(layout, tools.raster, tools.matrix))).toBe(true);
        expect(inkOf(picture)).toBeGreaterThan(1_000);
      }
    });
    it('EAN-13 in the picture reads as the item’s number', () => {
      const design = presetOf('item-50x25');
      const picture = drawLabel(design.paper, fill(design, facts('Dal')), setup(language), tools);
      expect(readEan13(picture, 15 * 8 + 30)).toBe('8901030865275');
    });
    it('DataMatrix in the picture is the symbol, module for module, in both ways of printing', () => {
      const design = presetOf('matrix-50x25');
      const layout = fill(design, facts('Dal'));
      const part = layout.parts.find((one) => one.kind === 'matrix');
      if (part?.kind !== 'matrix') throw new Error('no symbol');
      const expected = bwip.raw('gs1datamatrix', part.text, {})[0] as { pixs: number[]; pixx: number };
      for (const letters of ['drawn', 'printer'] as const) {
        const picture = drawLabel(design.paper, layout, setup(language, letters), tools);
        const cell = Math.floor(part.width / (expected.pixx + 2));
        const read = expected.pixs.map((_, i) => {
          const x = part.x + cell + (i % expected.pixx) * cell;
          const y = part.y + cell + Math.floor(i / expected.pixx) * cell;
          return isBlack(picture, x, y) ? 1 : 0;
        });
        expect(read).toEqual(expected.pixs);
      }
    });
    it('turned things lie where the layout says', () => {
      const base = presetOf('shelf-100x50');
      for (const rotate of [90, 180, 270] as const) {
        const items = [
          { ...textItem('name', [5, 5, 40, 4], { maxLines: 2 }), rotate },
          {
            kind: 'code',
            symbology: 'auto',
            xMm: 55,
            yMm: 5,
            widthMm: 38,
            heightMm: 12,
            hasText: true,
            rotate,
          } as const,
        ];
        const layout = fill({ ...base, items }, facts('Toor dal'));
        const picture = drawLabel(base.paper, layout, setup(language), tools);
        expect(same(picture, drawLayout(layout, tools.raster, tools.matrix))).toBe(true);
      }
    });
    it('two across: each label in its own column, an empty place stays white', () => {
      const design = presetOf('item-38x25-two');
      const [a, b] = [fill(design, facts('Rice')), fill(design, facts('Wheat'))];
      const rows: { readonly bitmap: Bitmap; readonly copies: number }[] = [];
      const take = (event: LabelEvent) => void (event.kind === 'rows' && rows.push(event));
      const reader = language === 'zpl' ? makeZplReader(tools, take) : makeTsplReader(tools, 203, take);
      const sheet = [
        { labels: [a, b], copies: 3 },
        { labels: [b, null], copies: 1 },
      ];
      const bytes = encodeSheet({ paper: design.paper, rows: sheet }, setup(language), tools);
      for (let at = 0; at < bytes.length; at += 7) reader.feed(bytes.subarray(at, at + 7));
      expect(rows.map((row) => row.copies)).toEqual([3, 1]);
      expect(rows.map((row) => row.bitmap.width)).toEqual([624, 624]);
      const ink = (layout: LabelLayout) => inkOf(drawLayout(layout, tools.raster, tools.matrix));
      expect(rows.map((row) => inkOf(row.bitmap))).toEqual([ink(a) + ink(b), ink(b)]);
    });
  });
}

/** What a person, a file or a joker may call goods. */
const anyText = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '^XZ^XA^FO0,0^GB800,800,800^FS',
    '~JA~HS^FS^XZ',
    '"\r\nPRINT 1,999\r\nTEXT 0,0,"3",0,1,1,"',
    '\\["]\\',
    '\\5EXZ',
    '!!"#$%&\'()*+,-./',
    '🥭🇮🇳 आम',
    'x'.repeat(10_000),
    '\ud800',
  ),
);
describe('no text breaks out of its field', () => {
  it.each([
    ['zpl', 'drawn'],
    ['zpl', 'printer'],
    ['tspl', 'drawn'],
    ['tspl', 'printer'],
  ] as const)('%s, letters %s', (language, letters) => {
    const presets = labelPresets.filter((one) => !one.id.startsWith('weighed'));
    fc.assert(
      fc.property(anyText, anyText, fc.constantFrom(...presets), (name, code, design) => {
        const goods = facts(name, code);
        const { batch } = goods;
        if (batch === null) throw new Error('no lot');
        const named = { ...goods, batch: { ...batch, code: name } };
        const layout = fill(design, named);
        const bytes = encodeSheet(
          { paper: design.paper, rows: [{ labels: [layout], copies: 2 }] },
          setup(language, letters),
          tools,
        );
        // A quote inside a TSPL text would end it there.
        const texts =
          Buffer.from(bytes)
            .toString('latin1')
            .match(/^TEXT .*$/gm) ?? [];
        if (language === 'tspl') for (const text of texts) expect(text.match(/"/g)?.length).toBe(4);
        const events: LabelEvent[] = [];
        const take = (event: LabelEvent) => void events.push(event);
        const reader = language === 'zpl' ? makeZplReader(tools, take) : makeTsplReader(tools, 203, take);
        reader.feed(bytes);
        expect(events.map((event) => (event.kind === 'rows' ? event.copies : event.kind))).toEqual([2]);
        if (letters === 'printer' || events[0]?.kind !== 'rows') return;
        const drawn = drawLabel(design.paper, layout, setup(language), tools);
        expect(same(drawn, drawLayout(layout, tools.raster, tools.matrix))).toBe(true);
      }),
      { numRuns: Math.ceil(propertyRuns() / 20) },
    );
  });
  it.each(['zpl', 'tspl'] as const)('%s reader takes any bytes and whole labels cut anywhere', (language) => {
    const design = presetOf('shelf-38x25');
    const bytes = Buffer.from(
      encodeSheet(
        { paper: design.paper, rows: [{ labels: [fill(design, facts('Dal'))], copies: 1 }] },
        setup(language, 'printer'),
        tools,
      ),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(bytes.length), fc.boolean(), (noise, at, isFirst) => {
        const reader = language === 'zpl' ? makeZplReader(tools, () => 0) : makeTsplReader(tools, 203, () => 0);
        if (isFirst) reader.feed(noise);
        reader.feed(bytes.subarray(0, at));
        reader.feed(noise);
        reader.feed(bytes.subarray(at));
        expect(reader.waitingBytes()).toBeLessThan(20_000_000);
      }),
      { numRuns: Math.ceil(propertyRuns() / 4) },
    );
  });
});
