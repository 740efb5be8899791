/**
 * Labels: goods to be labelled, designs of the shop, previews and prints. Rule kept: a print is refused whole when
 * one of its labels is not right, and the refusal names the goods and the field; presets are never written over.
 * Bytes, fonts and wires are the label printer's desk.
 */
import { readScan } from '#core/catalogue/scan-code.ts';
import { barcodeKey } from '#core/catalogue/ean.ts';
import type { Batch, Item } from '#core/catalogue/item.ts';
import type { Uuid } from '#core/ids.ts';
import { type FilledLabel, fillLabel, type LabelDpi } from '#core/label/fill-label.ts';
import { checkDesign, type LabelDesign } from '#core/label/label-design.ts';
import type { LabelFacts, LabelLanguage } from '#core/label/label-facts.ts';
import { findPreset, labelPresets } from '#core/label/label-presets.ts';
import { type Milli, milli, onePiece } from '#core/quantity.ts';
import type { Paise } from '#core/money.ts';
import { addDays } from '#core/time.ts';
import {
  type LabelDesigns,
  type LabelGoods,
  type LabelJob,
  type LabelLineInput,
  type LabelPreview,
  maxLabels,
} from '#contract/till-label.ts';
import type { TillContext } from '../context.ts';
import { found, refuse } from '../refusal.ts';

type Ctx = Pick<TillContext, 'tables' | 'settings' | 'labels' | 'today' | 'newId'>;

const designsKey = 'labelDesigns';
/** Designs that a shop may keep. */
const maxDesigns = 100;

function ownDesigns(ctx: Ctx): readonly LabelDesign[] {
  const stored = ctx.tables.settings.get(designsKey);
  return stored === null ? [] : (JSON.parse(stored) as readonly LabelDesign[]);
}
export const labelDesigns = (ctx: Ctx): LabelDesigns => ({
  designs: [...labelPresets, ...ownDesigns(ctx)],
  presetIds: labelPresets.map((one) => one.id),
});
const keepDesigns = (ctx: Ctx, designs: readonly LabelDesign[]): void =>
  ctx.tables.settings.set(designsKey, JSON.stringify(designs));

export function saveDesign(ctx: Ctx, design: LabelDesign): LabelDesign {
  const checked = checkDesign(design);
  if (!checked.ok) refuse(checked.error);
  const own = ownDesigns(ctx);
  if (own.some((one) => one.id === design.id)) {
    keepDesigns(
      ctx,
      own.map((one) => (one.id === design.id ? design : one)),
    );
    return design;
  }
  if (own.length >= maxDesigns) refuse({ type: 'LabelDesignInvalid', reason: 'tooManyDesigns', itemIndex: null });
  if (design.name === '') refuse({ type: 'InputInvalid', field: 'name', reason: 'empty' });
  const made = { ...design, id: ctx.newId() as string };
  keepDesigns(ctx, [...own, made]);
  return made;
}

export function removeDesign(ctx: Ctx, id: string): LabelDesigns {
  const own = ownDesigns(ctx);
  if (!own.some((one) => one.id === id)) refuse({ type: 'NotFound', what: 'design' });
  keepDesigns(
    ctx,
    own.filter((one) => one.id !== id),
  );
  return labelDesigns(ctx);
}

// ── goods ────────────────────────────────────────────────────────────────────────────────────────────

function goodsView(ctx: Ctx, item: Item, batchCode: string | null, weightMilli: Milli | null): LabelGoods {
  const today = ctx.today();
  const onHand = ctx.tables.stock.onHandByBatch(item.id);
  const lots = item.batches.map(({ id, ...lot }) => ({
    batchId: id,
    ...lot,
    stockMilli: onHand.get(id) ?? milli(0),
  }));
  // The lot that a scan names; else what is sold first: in stock, not expired, the earliest date.
  const named = batchCode === null ? undefined : lots.find((lot) => lot.code === batchCode);
  const fresh = lots.filter((lot) => lot.expiresOn === null || lot.expiresOn >= today);
  const order = fresh.toSorted(
    (a, b) =>
      Number(b.stockMilli > 0) - Number(a.stockMilli > 0) ||
      (a.expiresOn ?? '9999').localeCompare(b.expiresOn ?? '9999'),
  );
  return {
    itemId: item.id,
    code: item.code,
    name: item.name,
    nameHi: item.nameHi,
    unit: item.unit,
    mrpPaise: item.mrpPaise,
    sellingPricePaise: item.sellingPricePaise,
    lots,
    batchId: (named ?? order[0])?.batchId ?? null,
    weightMilli,
  };
}

export const goodsOf = (ctx: Ctx, itemId: Uuid): LabelGoods =>
  goodsView(ctx, found(ctx.tables.items.byId(itemId), 'item'), null, null);

export function findGoods(ctx: Ctx, code: string): LabelGoods {
  const { items } = ctx.tables;
  const reading = readScan(code, { masks: ctx.settings.get().masks, year: Number(ctx.today().slice(0, 4)) });
  switch (reading.kind) {
    case 'badCheckDigit':
      return refuse({ type: 'BadCheckDigit', code: reading.code });
    case 'paymentQr':
      return refuse({ type: 'PaymentQrScanned' });
    case 'unreadable':
      return refuse({
        type: 'ScanUnreadable',
        reason: reading.reason === 'badGs1' ? 'controlCharacters' : reading.reason,
      });
    case 'inStore': {
      const hit = items.byBarcode(barcodeKey(reading.baseCode)) ?? items.byBarcode(barcodeKey(reading.code));
      const weight = reading.measure.kind === 'weight' ? reading.measure.weightMilli : null;
      return goodsView(ctx, found(hit?.item ?? null, 'item'), null, weight);
    }
    case 'gs1': {
      const hit = reading.gtin === null ? null : items.byBarcode(reading.gtin);
      return goodsView(ctx, found(hit?.item ?? null, 'item'), reading.batch, reading.weightMilli);
    }
    case 'gtin':
    case 'plain': {
      const hit = items.byBarcode(barcodeKey(reading.code))?.item ?? items.byCode(reading.code);
      return goodsView(ctx, found(hit, 'item'), null, null);
    }
  }
}

/** Goods for the look of a design, as full as any: nothing of them is sold. */
function sampleFacts(ctx: Ctx): LabelFacts {
  const today = ctx.today();
  const batch: Batch = {
    id: '00000000-0000-7000-8000-000000000000' as Uuid,
    code: 'B1207',
    mrpPaise: 345_00 as Paise,
    sellingPricePaise: 319_00 as Paise,
    packedOn: addDays(today, -30),
    expiresOn: addDays(today, 180),
  };
  const barcode = { packQtyMilli: onePiece, packName: null, sellingPricePaise: null, mrpPaise: null };
  return {
    item: {
      name: 'Sharbati wheat atta 5 kg',
      nameHi: 'शरबती गेहूँ आटा 5 किलो',
      brand: 'Mitra',
      code: '10023',
      unit: 'pc',
      mrpPaise: 345_00 as Paise,
      sellingPricePaise: 319_00 as Paise,
      // 21… is read by the masks that ship: weighed labels of the sample have a code too.
      barcodes: [
        { ...barcode, code: '8901234567890' },
        { ...barcode, code: '2100005000000' },
      ],
    },
    batch,
    weightMilli: null,
    today,
    shop: shopFacts(ctx),
  };
}

function shopFacts(ctx: Ctx): LabelFacts['shop'] {
  const { name, address, phone, fssai, masks } = ctx.settings.get();
  return { name, address, phone, fssai, masks };
}

function factsOf(ctx: Ctx, itemId: Uuid, batchId: Uuid | null, weightMilli: Milli | null): LabelFacts {
  const item = found(ctx.tables.items.byId(itemId), 'item');
  const batch = batchId === null ? null : found(item.batches.find((one) => one.id === batchId) ?? null, 'batch');
  return { item, batch, weightMilli, today: ctx.today(), shop: shopFacts(ctx) };
}

// ── looking and printing ─────────────────────────────────────────────────────────────────────────────

const hasMatrix = (design: LabelDesign): boolean =>
  design.items.some((item) => item.kind === 'code' && item.symbology === 'gs1-datamatrix');
const isWeighed = (design: LabelDesign): boolean =>
  design.items.some(
    (item) =>
      (item.kind === 'code' && item.symbology === 'weighed') ||
      (item.kind === 'text' && (item.field === 'weight' || item.field === 'weightPrice')),
  );

type Drawing = Awaited<ReturnType<typeof toolsFor>>;
/** Loaded with the first label, not with the till. */
async function toolsFor(ctx: Ctx, design: LabelDesign) {
  const tools = (await ctx.labels.openTools(hasMatrix(design))) ?? refuse({ type: 'LabelFontsMissing' });
  const { hasRoomForMatrices } = await import('#hardware/label/label-dots.ts');
  const { drawLabel, labelPng } = await import('#hardware/label/label-preview.ts');
  return { ...tools, hasRoomForMatrices, drawLabel, labelPng };
}

type Fill = { readonly language: LabelLanguage; readonly dpi: LabelDpi; readonly tools: Drawing };
function fill(design: LabelDesign, facts: LabelFacts, { language, dpi, tools }: Fill): FilledLabel {
  const filled = fillLabel(design, facts, { language, dpi, measure: tools.raster.measure });
  if (tools.hasRoomForMatrices(filled.layout, tools.matrix, dpi)) return filled;
  const itemIndex = design.items.findIndex((item) => item.kind === 'code' && item.symbology === 'gs1-datamatrix');
  const notice = { kind: 'codeTooWide', itemIndex, field: null, isStop: true } as const;
  return { ...filled, notices: [...filled.notices, notice] };
}

export async function previewLabel(
  ctx: Ctx,
  wanted: {
    readonly design: LabelDesign;
    readonly language: LabelLanguage;
    readonly itemId: Uuid | null;
    readonly batchId: Uuid | null;
    readonly weightMilli: Milli | null;
  },
): Promise<LabelPreview> {
  const { design, language, itemId } = wanted;
  const checked = checkDesign(design);
  if (!checked.ok) refuse(checked.error);
  const tools = await toolsFor(ctx, design);
  const setting = ctx.labels.setting();
  const sample = { ...sampleFacts(ctx), ...(isWeighed(design) ? { weightMilli: milli(1_235) } : {}) };
  const facts = itemId === null ? sample : factsOf(ctx, itemId, wanted.batchId, wanted.weightMilli);
  const filled = fill(design, facts, { language, dpi: setting.dpi, tools });
  const picture = tools.drawLabel(design.paper, filled.layout, setting, tools);
  return {
    pngBase64: tools.labelPng(picture),
    widthDots: picture.width,
    heightDots: picture.height,
    notices: filled.notices,
  };
}

function designFor(ctx: Ctx, id: string): LabelDesign {
  const design = findPreset(id) ?? ownDesigns(ctx).find((one) => one.id === id) ?? null;
  return found(design, 'design');
}

function mustBeFree(ctx: Ctx): void {
  if (ctx.labels.setting().target.kind === 'none') refuse({ type: 'LabelPrinterNotSet' });
  if (ctx.labels.isRunning()) refuse({ type: 'LabelBusy' });
}

/** Keys of prints that were started, so that asking twice prints once; a refused one may be asked again. */
const started = new WeakMap<object, Map<string, Promise<LabelJob>>>();
function onceStarted(ctx: Ctx, key: string, work: () => Promise<LabelJob>): Promise<LabelJob> {
  const known = started.get(ctx.labels) ?? new Map<string, Promise<LabelJob>>();
  started.set(ctx.labels, known);
  const again = known.get(key);
  if (again !== undefined) return again.then((job) => ctx.labels.job() ?? job);
  if (known.size > 100) known.clear();
  const starting = work();
  known.set(key, starting);
  return starting.catch((error: unknown) => {
    known.delete(key);
    throw error;
  });
}

export function printLabels(
  ctx: Ctx,
  wanted: {
    readonly key: string;
    readonly designId: string;
    readonly language: LabelLanguage;
    readonly lines: readonly LabelLineInput[];
  },
): Promise<LabelJob> {
  return onceStarted(ctx, wanted.key, async () => {
    const asked = wanted.lines.reduce((sum, line) => sum + line.count, 0);
    if (asked > maxLabels) refuse({ type: 'LabelTooMany', asked, max: maxLabels });
    mustBeFree(ctx);
    const design = designFor(ctx, wanted.designId);
    const tools = await toolsFor(ctx, design);
    const { dpi } = ctx.labels.setting();
    const layouts = wanted.lines.map((line) => {
      const facts = factsOf(ctx, line.itemId, line.batchId, line.weightMilli);
      const filled = fill(design, facts, { language: wanted.language, dpi, tools });
      const stop = filled.notices.find((notice) => notice.isStop);
      if (stop !== undefined) {
        refuse({ type: 'LabelNotReady', itemName: facts.item.name, why: stop.kind, field: stop.field });
      }
      return filled.layout;
    });
    mustBeFree(ctx);
    return ctx.labels.start({ paper: design.paper, layouts, counts: wanted.lines.map((line) => line.count), dpi });
  });
}

/** One row of made-up labels with a frame at the edge: shows at once whether size and gap are right. */
export function testLabel(ctx: Ctx, key: string, designId: string): Promise<LabelJob> {
  return onceStarted(ctx, key, async () => {
    mustBeFree(ctx);
    const design = designFor(ctx, designId);
    const { widthMm, heightMm } = design.paper;
    const frame = { kind: 'box', xMm: 0, yMm: 0, widthMm, heightMm, lineMm: 0.25 } as const;
    const tools = await toolsFor(ctx, design);
    const facts = { ...sampleFacts(ctx), ...(isWeighed(design) ? { weightMilli: milli(1_235) } : {}) };
    const { dpi } = ctx.labels.setting();
    const framed = { ...design, items: [frame, ...design.items] };
    const { layout } = fill(framed, facts, { language: ctx.settings.get().receiptLanguage, dpi, tools });
    mustBeFree(ctx);
    return ctx.labels.start({ paper: design.paper, layouts: [layout], counts: [design.paper.across], dpi });
  });
}

export function goOn(ctx: Ctx, no: number, after: number): LabelJob {
  mustBeFree(ctx);
  return ctx.labels.goOn(no, after) ?? refuse({ type: 'NotFound', what: 'job' });
}
