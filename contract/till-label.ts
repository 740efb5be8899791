/**
 * Labels in the contract: the label printer, designs, an exact preview, printing with its progress. Rule kept: a
 * design is sent and kept as data within bounds; what is wrong with a label is ids for the renderer's words; an
 * outcome says what the printer confirmed and what is unsure, never more.
 */
import { z } from 'zod';
import { labelBounds, type LabelDesign, labelFields, labelSymbologies } from '#core/label/label-design.ts';
import type { LabelNotice } from '#core/label/fill-label.ts';
import type { Uuid } from '#core/ids.ts';
import type { Paise } from '#core/money.ts';
import type { Milli, Unit } from '#core/quantity.ts';
import type { BusinessDate } from '#core/time.ts';
import * as i from './inputs.ts';
import { feedOf, method, out } from './method.ts';
import { wireTarget } from './wire-target.ts';

const mm = z.number().min(0).max(labelBounds.maxHeightMm);
const turn = z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]);
const labelItem = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('text'),
    field: z.enum(labelFields),
    text: z.string().max(labelBounds.maxTextLength),
    hasCaption: z.boolean(),
    isRequired: z.boolean(),
    xMm: mm,
    yMm: mm,
    widthMm: mm,
    sizeMm: mm,
    minSizeMm: mm,
    maxLines: z.int().min(1).max(10),
    align: z.enum(['left', 'center', 'right']),
    isBold: z.boolean(),
    rotate: turn,
  }),
  z.object({
    kind: z.literal('code'),
    symbology: z.enum(labelSymbologies),
    xMm: mm,
    yMm: mm,
    widthMm: mm,
    heightMm: mm,
    hasText: z.boolean(),
    rotate: turn,
  }),
  z.object({ kind: z.literal('box'), xMm: mm, yMm: mm, widthMm: mm, heightMm: mm, lineMm: mm }),
  z.object({ kind: z.literal('line'), xMm: mm, yMm: mm, widthMm: mm, heightMm: mm }),
]);
/** Sizes within the paper's own bounds are judged by core/label (LabelDesignInvalid). */
const labelDesignShape = z.object({
  id: z.string().max(60),
  name: z.string().trim().max(60),
  paper: z.object({
    widthMm: mm,
    heightMm: mm,
    gapMm: mm,
    across: z.union([z.literal(1), z.literal(2), z.literal(3)]),
    betweenMm: mm,
  }),
  items: z.array(labelItem).max(labelBounds.maxItems),
});

const labelDesign = labelDesignShape as unknown as z.ZodType<LabelDesign, LabelDesign>;

const labelTarget = z.union([
  wireTarget,
  z.object({ kind: z.literal('none') }),
  /** A folder gets a file for each print; relative to the shop's own folder. */
  z.object({ kind: z.literal('folder'), path: z.string().trim().min(1).max(1_000) }),
]);
const labelSetting = z.object({
  target: labelTarget,
  language: z.enum(['zpl', 'tspl']),
  dpi: z.union([z.literal(203), z.literal(300)]),
  letters: z.enum(['drawn', 'printer']),
  darkness: z.int().min(0).max(15).nullable(),
});
export type LabelSetting = z.infer<typeof labelSetting>;

/** What one row of the list asks for. */
const labelLine = z.object({
  itemId: i.uuid,
  batchId: i.uuid.nullable().default(null),
  weightMilli: z
    .int()
    .min(1)
    .max(99_999_999)
    .transform((n) => n as Milli)
    .nullable()
    .default(null),
  count: z.int().min(1).max(10_000),
});
export type LabelLineInput = z.infer<typeof labelLine>;

/** Most labels in one print. */
export const maxLabels = 1_000;

export type LabelGoods = {
  readonly itemId: Uuid;
  readonly code: string;
  readonly name: string;
  readonly nameHi: string | null;
  readonly unit: Unit;
  readonly mrpPaise: Paise | null;
  readonly sellingPricePaise: Paise;
  readonly lots: readonly {
    readonly batchId: Uuid;
    readonly code: string | null;
    readonly mrpPaise: Paise | null;
    readonly sellingPricePaise: Paise;
    readonly packedOn: BusinessDate | null;
    readonly expiresOn: BusinessDate | null;
    readonly stockMilli: Milli;
  }[];
  /** The lot a scan named, or the one to sell first; null when the item has none. */
  readonly batchId: Uuid | null;
  /** The weight inside a scanned code. */
  readonly weightMilli: Milli | null;
};

export type LabelPreview = {
  readonly pngBase64: string;
  readonly widthDots: number;
  readonly heightDots: number;
  readonly notices: readonly LabelNotice[];
};

export type LabelJobTrouble =
  | 'paperOut'
  | 'coverOpen'
  | 'paused'
  | 'error'
  | 'absent'
  | 'noPermission'
  | 'busy'
  | 'refused'
  | 'timeout'
  | 'unsupported'
  | 'broken';
export type LabelJob = {
  readonly no: number;
  readonly state: 'running' | 'printed' | 'sent' | 'stopped' | 'cancelled';
  readonly total: number;
  /** Confirmed by the printer, what was printed before a stop counted in. */
  readonly printed: number;
  /** Handed to it. */
  readonly sent: number;
  /** After a stop: labels that may have come out beyond `printed`. */
  readonly maybe: number;
  readonly trouble: LabelJobTrouble | null;
};

export type LabelDesigns = { readonly designs: readonly LabelDesign[]; readonly presetIds: readonly string[] };

export const labelContract = {
  setting: method.output(out<LabelSetting>()),
  set: method.input(labelSetting).output(out<LabelSetting>()),
  designs: method.output(out<LabelDesigns>()),
  /** A preset is never written over: what comes under a preset's id, or none, is kept as a new design. */
  saveDesign: method.input(z.object({ design: labelDesign })).output(out<LabelDesign>()),
  removeDesign: method.input(z.object({ id: z.string().max(60) })).output(out<LabelDesigns>()),
  /** The goods of a scanned or typed code, with their lots. */
  find: method.input(z.object({ code: i.rawCode })).output(out<LabelGoods>()),
  goods: method.input(z.object({ itemId: i.uuid })).output(out<LabelGoods>()),
  /** The label as it will print, dot for dot. Without an item: goods made up for the look. */
  preview: method
    .input(
      z.object({
        design: labelDesign,
        language: i.language,
        itemId: i.uuid.nullable(),
        batchId: i.uuid.nullable().default(null),
        weightMilli: labelLine.shape.weightMilli,
      }),
    )
    .output(out<LabelPreview>()),
  /** Starts printing; refused whole when one label is not right (LabelNotReady) or there are too many. */
  print: method
    .input(
      z.object({
        key: i.key,
        designId: z.string().max(60),
        language: i.language,
        lines: z.array(labelLine).min(1).max(500).readonly(),
      }),
    )
    .output(out<LabelJob>()),
  /** A made-up label of this design with a frame at its edge. */
  testPrint: method.input(z.object({ key: i.key, designId: z.string().max(60) })).output(out<LabelJob>()),
  cancel: method.output(out<LabelJob | null>()),
  /** A stopped print goes on after the label that a person saw come out last. */
  goOn: method.input(z.object({ no: z.int(), after: z.int().min(0).max(10_000) })).output(out<LabelJob>()),
  /** The finished or stopped print leaves the screen. */
  dismiss: method.output(out<{ readonly done: true }>()),
  feed: method.output(feedOf<LabelJob | null>()),
} as const;
