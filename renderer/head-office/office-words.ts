/**
 * Words of head office's page, an instance of its own, so that the page does not carry the till's. Rule kept: a
 * component asks here and holds no sentence; the language belongs to the person and changes without a reload.
 */
import i18next from 'i18next';
import type { Language } from '#contract/views.ts';
import { makeStore, useStore } from '../state/store.ts';
import { enOffice } from '../words/en-office.ts';
import { hiOffice } from '../words/hi-office.ts';

type Key = keyof typeof enOffice;
type BaseKey<K extends string> = K extends `${infer Base}_one` ? Base : K extends `${string}_other` ? never : K;
export type OfficeWord = BaseKey<Key>;
export type OfficeSay = (word: OfficeWord, values?: Readonly<Record<string, string | number>>) => string;

const languageName = 'billmitra.office.language';
const kept = localStorage.getItem(languageName);
const words = i18next.createInstance();
void words.init({
  lng: 'en',
  fallbackLng: 'en',
  initAsync: false,
  resources: { en: { translation: enOffice }, hi: { translation: hiOffice } },
  interpolation: { escapeValue: false },
  keySeparator: false,
  nsSeparator: false,
});
const languageStore = makeStore<Language>(kept === 'hi' ? 'hi' : 'en');
document.documentElement.lang = languageStore.get();

export function setOfficeLanguage(language: Language): void {
  localStorage.setItem(languageName, language);
  document.documentElement.lang = language;
  languageStore.set(language);
}

export function useOffice(): { readonly say: OfficeSay; readonly language: Language } {
  const language = useStore(languageStore, (now) => now);
  return { say: (word, values) => String(words.t(word, { ...values, lng: language })), language };
}
