/** Times and ages as head office reads them. Rule kept: zone of the shops (India), digits 0–9; never a raw instant. */
import type { Language } from '#contract/views.ts';
import { indianDay, instant, localParts } from '#core/time.ts';
import { clockTime, shortDay } from '../words/formats.ts';
import type { OfficeSay } from './office-words.ts';

/** A till that is on asks at least this often. */
export const heardMs = 5 * 60_000;
const day = 86_400_000;
const dateOf = (atMs: number): string => localParts(instant(atMs), indianDay).date;

/** An instant to come or past, never "now": "today 4:38 pm". */
export function whenOf(atMs: number, nowMs: number, say: OfficeSay, language: Language): string {
  const time = clockTime(atMs, language);
  return dateOf(atMs) === dateOf(nowMs)
    ? say('today', { time })
    : say('onDay', { day: shortDay(atMs, language), time });
}

/** "now", "today 4:38 pm", "yesterday, 8:12 pm", "Thu 19 Nov, 8:12 pm". `ageMs` below two minutes is now. */
export function whenText(atMs: number, nowMs: number, say: OfficeSay, language: Language): string {
  if (nowMs - atMs < 2 * 60_000) return say('now');
  const time = clockTime(atMs, language);
  if (dateOf(atMs) === dateOf(nowMs)) return say('today', { time });
  if (dateOf(atMs) === dateOf(nowMs - day)) return say('yesterday', { time });
  return say('onDay', { day: shortDay(atMs, language), time });
}

/** "22 h", "3 days". */
export function ageText(ms: number, say: OfficeSay): string {
  const minutes = Math.max(1, Math.floor(ms / 60_000));
  if (minutes < 60) return say('aMinutes', { n: minutes });
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? say('aHours', { n: hours }) : say('aDays', { count: Math.floor(hours / 24) });
}

/** 6 am of the next day in India. */
export function nextMorning(nowMs: number): number {
  return Date.parse(`${dateOf(nowMs + day)}T06:00:00+05:30`);
}
