/**
 * The keyboard's map of this till: a preset, or the shop's own choice of keys. Rule kept: a key stands for one
 * command only; the commands' names are the screen's, the till keeps them and knows no meaning.
 */
import { z } from 'zod';

export const keyPresets = ['billmitra', 'tally', 'own'] as const;
export type KeyPreset = (typeof keyPresets)[number];

export type KeysView = {
  readonly preset: KeyPreset;
  /** Command → key as its cap says it: "F9", "Ctrl G", "Ctrl Del", "C". Used when the preset is `own`. */
  readonly own: Readonly<Record<string, string>>;
};

const command = z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,29}$/);
const cap = z.string().regex(/^(F([1-9]|1[0-2])|Ctrl ([A-Z]|Del)|[A-Z])$/);

export const keysInput = z.object({
  preset: z.enum(keyPresets),
  own: z
    .record(command, cap)
    .refine((own) => Object.keys(own).length <= 60, 'tooMany')
    .refine((own) => new Set(Object.values(own)).size === Object.keys(own).length, 'twoCommandsOneKey'),
});
