/**
 * Which font file draws which script. Rule kept: a script's file is opened when the first text in it comes, so
 * a till that prints English holds two files, not forty. Files are @fontsource's Noto Sans (OFL), by package
 * when it can be resolved, else from one flat folder, as a packed program carries them.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readCoverage } from './coverage.ts';

type FontSet = {
  readonly family: string;
  readonly packageName: string;
  readonly subset: string;
  readonly chars: RegExp;
};

const set = (script: string, chars: RegExp, packageName = `noto-sans-${script}`, subset = script): FontSet => ({
  family: `BillMitra ${script}`,
  packageName,
  subset,
  chars,
});

/** ₹ is in latin-ext. In the order in which a shared mark (danda, digits) is looked for. */
const fontSets: readonly FontSet[] = [
  set('latin', /[\u0000-\u00ff\u2000-\u206f]/, 'noto-sans'),
  set('latin-ext', /[\u0100-\u02ff\u1e00-\u1eff\u20a0-\u20cf\u2100-\u214f]/, 'noto-sans'),
  set('devanagari', /[\u0900-\u097f\ua8e0-\ua8ff]/),
  set('bengali', /[\u0980-\u09ff]/),
  set('gurmukhi', /[\u0a00-\u0a7f]/),
  set('gujarati', /[\u0a80-\u0aff]/),
  set('oriya', /[\u0b00-\u0b7f]/),
  set('tamil', /[\u0b80-\u0bff]/),
  set('telugu', /[\u0c00-\u0c7f]/),
  set('kannada', /[\u0c80-\u0cff]/),
  set('malayalam', /[\u0d00-\u0d7f]/),
];

/** CSS family list for canvas: every set, the first that has the glyph draws it. */
export const fontFamilies = fontSets.map((fonts) => `"${fonts.family}"`).join(', ');

const weights = [500, 700] as const;
/** Regular rows are drawn at 500: 400's hairlines break up at 203 dpi. */
export const fontWeight = (isBold: boolean): number => (isBold ? 700 : 500);

const require = createRequire(import.meta.url);

function findFont(fonts: FontSet, weight: number, folder: string | null): string | null {
  const file = `${fonts.packageName}-${fonts.subset}-${weight}-normal.woff2`;
  if (folder !== null && existsSync(join(folder, file))) return join(folder, file);
  try {
    return require.resolve(`@fontsource/${fonts.packageName}/files/${file}`);
  } catch {
    // Not installed as a package (a packed program): only the folder counts then.
    return null;
  }
}

/** Names of all font files a packed program has to carry, with their packages. */
export const fontFiles = (): readonly { readonly packageName: string; readonly file: string }[] =>
  fontSets.flatMap(({ packageName, subset }) =>
    weights.map((weight) => ({
      packageName: `@fontsource/${packageName}`,
      file: `files/${packageName}-${subset}-${weight}-normal.woff2`,
    })),
  );

export type FontLoader = {
  /** Registers what a text needs, once; whether every character's script has its font. */
  readonly load: (text: string) => boolean;
  /** Whether one of the fonts that the text's scripts need has a glyph for the character. Loads nothing. */
  readonly covers: (char: string) => boolean;
};

/** `register(path, family)` says whether the engine took the file. */
export function makeFontLoader(register: (path: string, family: string) => boolean, folder: string | null): FontLoader {
  const state = new Map<string, boolean>();
  const coverage = new Map<string, ReadonlySet<number> | null>();
  const load = (fonts: FontSet): boolean => {
    const known = state.get(fonts.family);
    if (known !== undefined) return known;
    const isLoaded = weights.every((weight) => {
      const path = findFont(fonts, weight, folder);
      return path !== null && register(path, fonts.family);
    });
    state.set(fonts.family, isLoaded);
    return isLoaded;
  };
  const hasGlyph = (fonts: FontSet, code: number): boolean => {
    let chars = coverage.get(fonts.family);
    if (chars === undefined) {
      const path = findFont(fonts, weights[0], folder);
      chars = path === null ? null : readCoverage(readFileSync(path));
      coverage.set(fonts.family, chars);
    }
    return chars?.has(code) ?? false;
  };
  return {
    load: (text) => fontSets.filter((fonts) => fonts.chars.test(text)).every(load),
    covers: (char) => {
      const code = char.codePointAt(0) ?? 0;
      // The Latin files are always open and hold signs from all over.
      return fontSets.some((fonts, i) => (i < 2 || fonts.chars.test(char)) && hasGlyph(fonts, code));
    },
  };
}
