/**
 * What a head-office screen asks of the chain's people, rules for stores and tax rates. Rule kept: head office alone
 * writes these rows; a change names when the row was last changed as its author saw it, so that of two people at once
 * the second is told. Called as contract/server.ts says; what is saved is at the tills by itself.
 */
import { z } from 'zod';
import type { RateRow } from '#core/gst/rates.ts';
import type { Uuid } from '#core/ids.ts';
import * as i from './inputs.ts';
import { type SentContent, sentShapes } from './sent-shapes.ts';
import { officePost } from './server.ts';

export type StaffRole = SentContent<'staff'>['role'];
export type PersonView = {
  readonly id: Uuid;
  readonly name: string;
  readonly role: StaffRole;
  readonly language: 'en' | 'hi';
  readonly isActive: boolean;
  /** null: every store of the organisation. */
  readonly storeIds: readonly Uuid[] | null;
  readonly changedAtMs: number;
  readonly changedBy: string;
};
export const savePerson = z.object({
  /** Made by the screen: sent twice it is one person. */
  id: i.uuid,
  name: i.shortText.min(1),
  role: z.enum(['cashier', 'supervisor', 'owner']),
  language: i.language,
  isActive: z.boolean(),
  storeIds: z.array(i.uuid).max(20_000).nullable(),
  /** As the person at the screen saw it; 0 for a new one. */
  seenAtMs: z.int().min(0),
});

export type StoreSetting = SentContent<'settings'>;
export type SettingName = StoreSetting['name'];
export type SettingView = {
  /** null: for every store. */
  readonly storeId: Uuid | null;
  readonly setting: StoreSetting;
  readonly changedAtMs: number;
  readonly changedBy: string;
};
export const saveSetting = z.object({ storeId: i.uuid.nullable(), setting: sentShapes.settings });
export const clearSetting = z.object({
  storeId: i.uuid.nullable(),
  name: z.enum(['receiptFooter', 'returnLimitPaise', 'returnDays', 'discountLimitBp']),
});

export type RateView = { readonly rate: RateRow; readonly changedAtMs: number; readonly changedBy: string };
export const saveRate = z.object({
  rate: sentShapes.gstRates,
  /** The rate of this class that has no last day ends the day before, in the same step. */
  endsEarlier: z.boolean().optional(),
});

export type Saved = { readonly ok: true } | { readonly ok: false; readonly reason: 'changedMeanwhile' | 'overlap' };

const nothing = z.object({});
const everybody = ['chain', 'region', 'store'] as const;

export const masterApi = {
  people: officePost<readonly PersonView[]>()('/v1/office/people/list', everybody, nothing),
  savePerson: officePost<Saved>()('/v1/office/people/save', ['chain'], savePerson),
  settings: officePost<readonly SettingView[]>()('/v1/office/settings/list', everybody, nothing),
  saveSetting: officePost<Saved>()('/v1/office/settings/save', ['chain'], saveSetting),
  /** Stores go back to what they had by themselves (or to what holds for every store). */
  clearSetting: officePost<Saved>()('/v1/office/settings/clear', ['chain'], clearSetting),
  rates: officePost<readonly RateView[]>()('/v1/office/rates/list', everybody, nothing),
  /** A rate that head office has confirmed, from a day on. Two of one class on one day: `overlap`. */
  saveRate: officePost<Saved>()('/v1/office/rates/save', ['chain'], saveRate),
} as const;
