/**
 * What head office sent in small, read by name. Rule kept: a row that this version does not know is none; a setting that
 * head office has not said is the shop's own.
 */
import { readSentContent, type SentContent, type SentShape } from '#contract/sent-shapes.ts';
import type { Tables } from './tables.ts';

type From = Pick<Tables, 'sentRows'>;
type Setting = SentContent<'settings'>;
type SettingValue<N extends Setting['name']> = Extract<Setting, { readonly name: N }>['value'];

export function readSent<S extends SentShape>({ sentRows }: From, shape: S, key: string): SentContent<S> | null {
  const content = sentRows.content(shape, key);
  return content === null ? null : readSentContent(shape, content);
}

/** Of all keys that begin so, in their order. */
export const listSent = <S extends SentShape>(
  { sentRows }: From,
  shape: S,
  prefix = '',
): readonly { readonly key: string; readonly content: SentContent<S> }[] =>
  sentRows.list(shape, prefix).flatMap(({ key, content: text }) => {
    const content = readSentContent(shape, text);
    return content === null ? [] : [{ key, content }];
  });

/** null: head office says nothing of it. */
export function officeSetting<N extends Setting['name']>(from: From, name: N): SettingValue<N> | null {
  const said = readSent(from, 'settings', name);
  const value: unknown = said?.name === name ? said.value : null;
  return value as SettingValue<N> | null;
}
