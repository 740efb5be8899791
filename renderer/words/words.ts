/**
 * Words for the screen: i18next under a typed key. Rule kept: a component asks here and holds no sentence;
 * the language belongs to the person and changes without a reload.
 */
import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import type { Language } from '#contract/views.ts';
import { en, type WordKey } from './en.ts';
import { enKeys } from './en-keys.ts';
import { hi } from './hi.ts';

type BaseKey<K extends string> = K extends `${infer Base}_one` ? Base : K extends `${string}_other` ? never : K;
/** A key, plural forms folded into one. */
export type Word = BaseKey<WordKey>;
export type WordValues = Readonly<Record<string, string | number>>;
export type Say = (word: Word, values?: WordValues) => string;

const languageName = 'billmitra.language';
const kept = localStorage.getItem(languageName);

void i18next.use(initReactI18next).init({
  lng: kept === 'hi' ? 'hi' : 'en',
  fallbackLng: 'en',
  initAsync: false,
  resources: { en: { translation: en }, hi: { translation: hi } },
  interpolation: { escapeValue: false },
  keySeparator: false,
  nsSeparator: false,
});
document.documentElement.lang = i18next.language;

export const languageNow = (): Language => (i18next.language === 'hi' ? 'hi' : 'en');

export function setLanguage(language: Language): void {
  localStorage.setItem(languageName, language);
  document.documentElement.lang = language;
  void i18next.changeLanguage(language);
}

/** Sentences that name keys name those of the map in force (not where keys are chosen); what stands is said anew. */
export function sayKeys(mend: (text: string) => string): void {
  for (const [language, words] of [['en', en] as const, ['hi', hi] as const]) {
    const mended = Object.fromEntries(
      Object.entries(words).map(([key, text]) => [key, key in enKeys ? text : mend(text)]),
    );
    i18next.addResourceBundle(language, 'translation', mended, true, true);
  }
  void i18next.changeLanguage(i18next.language);
}

/** Words outside a component. */
export const say: Say = (word, values) => String(i18next.t(word, values ?? {}));

/** Words of a named language, whatever the person at the counter reads. */
export const sayIn =
  (language: Language): Say =>
  (word, values) =>
    String(i18next.t(word, { ...values, lng: language }));

export function useWords(): { readonly say: Say; readonly language: Language } {
  const { t, i18n } = useTranslation();
  return {
    say: (word, values) => String(t(word, values ?? {})),
    language: i18n.language === 'hi' ? 'hi' : 'en',
  };
}
