/**
 * The device part of the contract: state and feed of all devices, what hangs on this PC, what is wrong with one
 * and what may be done, the receipt printer and the drawer. Rule kept: answers are ids and data, never a
 * sentence; the words are the renderer's. The other devices' own methods are in their own files.
 */
import { z } from 'zod';
import * as i from './inputs.ts';
import { feedOf, method, out } from './method.ts';
import type * as v from './views.ts';
import type * as d from './device-views.ts';
import type { ScaleSetting } from './till-scale.ts';
import { wireTarget } from './wire-target.ts';

const printerTarget = z.union([
  wireTarget,
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('file'), path: z.string().max(1_000) }),
]);
/** How far the search for a scale's speed is, and what reads it. */
export type SpeedSearch = {
  readonly nth: number;
  readonly total: number;
  /** The kind of scale that is tried now, and its speed. */
  readonly name: string;
  readonly baud: number;
  readonly found: ScaleSetting | null;
  readonly isDone: boolean;
};

const kind = z.enum(['scanner', 'printer', 'drawer', 'scale', 'display', 'label']);

export const deviceContract = {
  state: method.output(out<v.DevicesView>()),
  feed: method.output(feedOf<v.DevicesView>()),
  /** What hangs on this PC now, with a guess of what it is. Opens nothing. */
  find: method.output(out<readonly d.FoundDevice[]>()),
  /** The same, again whenever something is plugged in or pulled out. */
  findFeed: method.output(feedOf<readonly d.FoundDevice[]>()),
  /** Looks for printers on the network; ends by itself, or when nobody follows any more. */
  searchNetwork: method.output(feedOf<d.NetworkSearch>()),
  /** Tries every usual kind and speed on a scale's wire until weights are read; keeps nothing. */
  findSpeed: method.input(z.object({ target: wireTarget })).output(feedOf<SpeedSearch>()),
  /** What is wrong with a device and what may be done about it, best first. */
  check: method.input(z.object({ kind })).output(out<d.Diagnosis>()),
  /** The same, again whenever it changes; the device is asked about once a second while somebody follows. */
  checkFeed: method.input(z.object({ kind })).output(feedOf<d.Diagnosis>()),
  /** What is set, so that a form opens on it. */
  printer: method.output(out<d.PrinterSetting>()),
  printerModels: method.output(out<readonly d.PrinterModelChoice[]>()),
  /** Without a model: the generic one of the width. */
  setPrinter: method
    .input(
      z.object({
        target: printerTarget,
        widthMm: z.union([z.literal(58), z.literal(80)]),
        modelId: z.string().max(60).nullable().default(null),
      }),
    )
    .output(out<v.DevicesView>()),
  testPrint: method.output(out<{ readonly done: true }>()),
  /** The test page as it will come out, for a model and width that need not be set yet. */
  testPreview: method
    .input(z.object({ modelId: z.string().max(60).nullable().default(null) }))
    .output(out<v.ReceiptPreview>()),
  retryPrint: method.output(out<v.DevicesView>()),
  /** "Did bill 004312 come out whole?" */
  answerCut: method.input(z.object({ jobId: i.uuid, cameOutWhole: z.boolean() })).output(out<v.DevicesView>()),
  openDrawer: method.input(z.object({ reason: i.shortText })).output(out<{ readonly done: true }>()),
} as const;
