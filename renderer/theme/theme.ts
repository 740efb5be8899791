/**
 * The look as data: palettes, sizes and the named tokens of both schemes. Rule kept: a colour is written
 * here once and used by its token's name; contrast of each pair was measured. Variables go in as a
 * constructed style sheet, so the page needs no inline style.
 */
import {
  convertCssVariables,
  createTheme,
  type CSSVariablesResolver,
  DEFAULT_THEME,
  defaultCssVariablesResolver,
  type MantineColorsTuple,
  mergeMantineTheme,
} from '@mantine/core';

const mor: MantineColorsTuple = [
  '#E6F4F6',
  '#C9E6EB',
  '#98CFD9',
  '#62B3C2',
  '#3596A9',
  '#1A7D92',
  '#0F6A7E',
  '#0C586A',
  '#0A4756',
  '#083743',
];
const ink: MantineColorsTuple = [
  '#F4F6F7',
  '#E8ECEE',
  '#D6DDE1',
  '#B7C2C9',
  '#80909A',
  '#5C6A73',
  '#4A5861',
  '#36434B',
  '#222C33',
  '#12191E',
];
const neem: MantineColorsTuple = [
  '#E6F5EA',
  '#C6E8CF',
  '#93D3A4',
  '#5CBB77',
  '#339F55',
  '#238543',
  '#1B7238',
  '#155C2D',
  '#104723',
  '#0A3319',
];
const haldi: MantineColorsTuple = [
  '#FFF5DB',
  '#FEE8AE',
  '#FBD572',
  '#F5BD35',
  '#E3A008',
  '#BD7F00',
  '#976200',
  '#7D5000',
  '#5F3D00',
  '#432B00',
];
const mirch: MantineColorsTuple = [
  '#FDECEA',
  '#F9CFCB',
  '#F2A29B',
  '#E8726A',
  '#D9483E',
  '#C9342A',
  '#B3271E',
  '#931E17',
  '#701611',
  '#4F0F0B',
];
const neel: MantineColorsTuple = [
  '#ECEEFB',
  '#D0D6F5',
  '#A6B0EC',
  '#7987E0',
  '#5666D2',
  '#4453C2',
  '#3745AB',
  '#2C388C',
  '#222B6C',
  '#181F4E',
];

export const theme = createTheme({
  primaryColor: 'mor',
  primaryShade: { light: 6, dark: 5 },
  defaultRadius: 'sm',
  black: '#12191E',
  fontFamily: "'Noto Sans Variable','Noto Sans Devanagari Variable',sans-serif",
  headings: { fontWeight: '700' },
  fontSizes: { xs: '13px', sm: '14px', md: '15px', lg: '18px', xl: '22px' },
  lineHeights: { md: '1.4' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  other: { display: "'Anek Latin Variable'" },
  colors: { mor, ink, neem, haldi, mirch, neel },
});

const at = (palette: MantineColorsTuple, shade: number): string => palette[shade] ?? '';

const light: Readonly<Record<string, string>> = {
  '--bm-page': at(ink, 1),
  '--bm-surface': '#fff',
  '--bm-surface2': at(ink, 0),
  '--bm-text': at(ink, 9),
  '--bm-text2': at(ink, 6),
  '--bm-text3': at(ink, 5),
  '--bm-primary': at(mor, 6),
  '--bm-primary-text': at(mor, 7),
  '--bm-primary-soft': at(mor, 0),
  '--bm-selected': at(mor, 1),
  '--bm-field-border': at(ink, 4),
  '--bm-divider': at(ink, 2),
  '--bm-key-edge': at(ink, 3),
  '--bm-good': at(neem, 6),
  '--bm-good-soft': at(neem, 0),
  '--bm-warn': at(haldi, 7),
  '--bm-warn-soft': at(haldi, 0),
  '--bm-warn-mark': at(haldi, 3),
  '--bm-bad': at(mirch, 6),
  '--bm-bad-soft': at(mirch, 0),
  '--bm-bad-fill': at(mirch, 6),
  '--bm-info': at(neel, 6),
  '--bm-info-soft': at(neel, 0),
  '--bm-bar': at(mor, 9),
  '--bm-bar-text': '#D5E7EB',
  '--bm-panel': at(ink, 9),
  '--bm-quiet': at(ink, 2),
  '--bm-quiet-text': at(ink, 6),
  '--bm-cap-on-primary': 'rgb(255 255 255 / 9%)',
  '--bm-shade': 'rgb(18 25 30 / 55%)',
};
const dark: Readonly<Record<string, string>> = {
  '--bm-page': '#0D1418',
  '--bm-surface': '#161E23',
  '--bm-surface2': '#1C262C',
  '--bm-text': '#EEF3F5',
  '--bm-text2': '#B4C1C8',
  '--bm-text3': '#93A2AB',
  '--bm-primary': at(mor, 5),
  '--bm-primary-text': at(mor, 2),
  '--bm-primary-soft': '#12303A',
  '--bm-selected': '#123C48',
  '--bm-field-border': '#6E7E88',
  '--bm-divider': '#2A353C',
  '--bm-key-edge': '#4A5861',
  '--bm-good': '#6CCB88',
  '--bm-good-soft': '#10301C',
  '--bm-warn': '#F2C45A',
  '--bm-warn-soft': '#33280D',
  '--bm-warn-mark': at(haldi, 3),
  '--bm-bad': '#F28C84',
  '--bm-bad-soft': '#3A1916',
  '--bm-bad-fill': at(mirch, 6),
  '--bm-info': '#A3AEF0',
  '--bm-info-soft': '#1E2547',
  '--bm-bar': '#0A181D',
  '--bm-bar-text': '#D5E7EB',
  '--bm-panel': '#05090B',
  '--bm-quiet': '#2A353C',
  '--bm-quiet-text': '#B4C1C8',
  '--bm-cap-on-primary': 'rgb(0 0 0 / 20%)',
  '--bm-shade': 'rgb(0 0 0 / 65%)',
};

const cssVariablesResolver: CSSVariablesResolver = (merged) => {
  const base = defaultCssVariablesResolver(merged);
  return {
    variables: { ...base.variables, '--mantine-line-height': '1.4' },
    light: { ...base.light, ...light, '--mantine-color-body': at(ink, 1), '--mantine-color-text': at(ink, 9) },
    dark: { ...base.dark, ...dark, '--mantine-color-body': '#0D1418', '--mantine-color-text': '#EEF3F5' },
  };
};

/** Puts every variable of the look into the page. */
export function adoptTokens(page: Document): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(convertCssVariables(cssVariablesResolver(mergeMantineTheme(DEFAULT_THEME, theme)), ':root'));
  page.adoptedStyleSheets = [...page.adoptedStyleSheets, sheet];
}
