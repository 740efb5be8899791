/**
 * The till's label printer: where it hangs, which language it speaks, and the one print that runs. Rule kept: fonts,
 * codes and wires are loaded when the first label is looked at or printed; a print is bytes that were made before it
 * began, so going on after a stop sends the rest of those very labels and nothing twice.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { DeviceTrouble, DeviceView } from '#contract/device-views.ts';
import type { LabelJob, LabelSetting } from '#contract/till-label.ts';
import type { WireTargetInput } from '#contract/wire-target.ts';
import { arrangeRows, labelsOn } from '#core/label/arrange-rows.ts';
import type { LabelLayout } from '#core/label/fill-label.ts';
import type { LabelPaper } from '#core/label/label-design.ts';
import type { LabelChunk, LabelOutcome, LabelRun, LabelTrouble } from '#hardware/label/print-labels.ts';
import type { LabelTools } from '#hardware/label/label-sheet.ts';
import type { OpenWire } from '#hardware/wire/wire.ts';
import { makeFeed } from '../feed.ts';
import type { ShopSettings } from '../shop-settings.ts';
import type { DeviceDesk } from './open-devices.ts';

const plainLabelSetting: LabelSetting = {
  target: { kind: 'none' },
  language: 'tspl',
  dpi: 203,
  letters: 'drawn',
  darkness: null,
};

export type LabelPrinterDeps = {
  readonly settings: ShopSettings;
  readonly shopDir: string;
  readonly onChange: () => void;
  readonly onFault: (error: unknown) => void;
  readonly openWire?: OpenWire;
};
/** Labels laid out, one for each line asked for, and how many of each. */
export type LabelWork = {
  readonly paper: LabelPaper;
  readonly layouts: readonly LabelLayout[];
  readonly counts: readonly number[];
  /** Of the head they were laid out for. */
  readonly dpi: LabelSetting['dpi'];
};
export type LabelPrinterDesk = ReturnType<typeof makeLabelPrinter>;

const openRealWire: OpenWire = async (target, connectMs) => {
  const { openWire } = await import('#hardware/wire/open-wire.ts');
  return openWire(target, connectMs);
};
const placeOf = (target: LabelSetting['target']): string | null => {
  switch (target.kind) {
    case 'none':
      return null;
    case 'folder':
    case 'deviceFile':
      return target.path;
    case 'tcp':
      return `${target.host}:${target.port}`;
    case 'serial':
      return `${target.path}, ${target.format.baud} baud`;
    case 'usb':
      return 'USB';
    case 'windowsQueue':
      return target.name;
  }
};
const isWire = (target: LabelSetting['target']): target is WireTargetInput =>
  target.kind !== 'none' && target.kind !== 'folder';
/** Paused or in error is "error" in the list of devices. */
const deviceTrouble = (trouble: LabelTrouble): DeviceTrouble => (trouble === 'paused' ? 'error' : trouble);

export function makeLabelPrinter(deps: LabelPrinterDeps) {
  const openWire = deps.openWire ?? openRealWire;
  const feed = makeFeed<LabelJob | null>();
  let job: LabelJob | null = null;
  let work: LabelWork | null = null;
  let run: LabelRun | null = null;
  let ending: Promise<void> = Promise.resolve();
  let lastNo = 0;
  let files = 0;
  let state: Pick<DeviceView, 'state' | 'trouble'> = { state: 'notSet', trouble: null };
  let tools: Promise<LabelTools | null> | null = null;
  let hasMatrix = false;

  const setting = (): LabelSetting => deps.settings.get().label ?? plainLabelSetting;
  const setState = (next: typeof state): void => {
    if (next.state === state.state && next.trouble === state.trouble) return;
    state = next;
    deps.onChange();
  };
  const tell = (next: LabelJob | null): void => {
    job = next;
    feed.publish(next);
    if (next === null || !isWire(setting().target)) return;
    if (next.trouble !== null) setState({ state: 'trouble', trouble: deviceTrouble(next.trouble) });
    else if (next.state !== 'cancelled') setState({ state: 'works', trouble: null });
  };

  /** `withMatrix`: the package for DataMatrix is loaded only for designs that have one. */
  const openTools = async (withMatrix: boolean): Promise<LabelTools | null> => {
    if (tools === null || (withMatrix && !hasMatrix)) {
      hasMatrix = withMatrix;
      const before = tools;
      tools = (async () => {
        const { openLabelRaster } = await import('#hardware/label/label-raster.ts');
        const { noMatrixCodes, openMatrixCodes } = await import('#hardware/label/matrix-code.ts');
        const raster = (await before)?.raster ?? (await openLabelRaster());
        return raster === null ? null : { raster, matrix: withMatrix ? await openMatrixCodes() : noMatrixCodes };
      })();
    }
    return tools;
  };

  /** Bytes of the labels after the first `skip`, a few labels a piece. */
  const chunksOf = async (labels: LabelWork, skip: number): Promise<readonly LabelChunk[]> => {
    const made = await openTools(labels.layouts.some((one) => one.parts.some((part) => part.kind === 'matrix')));
    if (made === null) throw new Error('labels were laid out without a font engine');
    const { encodeSheet } = await import('#hardware/label/label-preview.ts');
    const { chunkLabels } = await import('#hardware/label/print-labels.ts');
    const now = setting();
    const { paper, layouts, counts } = labels;
    return arrangeRows(counts, paper.across, skip, chunkLabels[now.language]).map((row) => {
      const places = row.lines.map((line) => (line === null ? null : (layouts[line] ?? null)));
      const bytes = encodeSheet({ paper, rows: [{ labels: places, copies: row.copies }] }, now, made);
      return { bytes, labels: labelsOn(row) };
    });
  };

  const writeFile = (chunks: readonly LabelChunk[], path: string): void => {
    const folder = isAbsolute(path) ? path : join(deps.shopDir, path);
    mkdirSync(folder, { recursive: true });
    files += 1;
    const name = `labels-${process.pid}-${String(files).padStart(4, '0')}.${setting().language}`;
    writeFileSync(join(folder, name), Buffer.concat(chunks.map((chunk) => chunk.bytes)));
  };

  const finish = (outcome: LabelOutcome, no: number, total: number, skip: number): void => {
    if (job?.no !== no) return;
    const plain = { no, total, maybe: 0, trouble: null };
    switch (outcome.kind) {
      case 'printed':
        return tell({ ...plain, state: 'printed', printed: skip + outcome.printed, sent: skip + outcome.printed });
      case 'sent':
        return tell({ ...plain, state: 'sent', printed: skip, sent: skip + outcome.sent });
      case 'stopped':
      case 'cancelled': {
        const printed = skip + outcome.printed;
        const trouble = outcome.kind === 'stopped' ? outcome.trouble : null;
        const { maybe } = outcome;
        return tell({ no, total, state: outcome.kind, printed, sent: printed + maybe, maybe, trouble });
      }
    }
  };

  const send = async (labels: LabelWork, skip: number, no: number, total: number): Promise<void> => {
    const chunks = await chunksOf(labels, skip);
    const { target, language } = setting();
    if (target.kind === 'none') return;
    if (target.kind === 'folder') {
      writeFile(chunks, target.path);
      return finish({ kind: 'sent', sent: total - skip }, no, total, skip);
    }
    const { printLabels } = await import('#hardware/label/print-labels.ts');
    run = printLabels({
      openWire,
      target,
      language,
      chunks,
      onProgress: ({ printed, sent, trouble }) =>
        tell({ no, total, state: 'running', printed: skip + printed, sent: skip + sent, maybe: 0, trouble }),
    });
    finish(await run.outcome, no, total, skip);
  };

  const begin = (labels: LabelWork, skip: number, no: number): LabelJob => {
    const total = labels.counts.reduce((sum, count) => sum + count, 0);
    const started: LabelJob = { no, state: 'running', total, printed: skip, sent: skip, maybe: 0, trouble: null };
    work = labels;
    tell(started);
    ending = send(labels, skip, no, total)
      .catch((error: unknown) => {
        deps.onFault(error);
        finish({ kind: 'stopped', printed: 0, maybe: 0, trouble: 'error' }, no, total, skip);
      })
      .finally(() => {
        run = null;
      });
    return started;
  };

  /** Is it there, and how is it? Opened for a moment and let go: another program may print on it too. */
  const probe = async (target: WireTargetInput): Promise<void> => {
    setState({ state: 'looking', trouble: null });
    const opened = await openWire(target, 2_000);
    if (!opened.ok) return setState({ state: 'trouble', trouble: opened.error });
    const { askLabelPrinter } = await import('#hardware/label/print-labels.ts');
    const status = await askLabelPrinter(opened.value, setting().language);
    await opened.value.close();
    const trouble = status?.trouble ?? null;
    setState(trouble === null ? { state: 'works', trouble } : { state: 'trouble', trouble: deviceTrouble(trouble) });
  };

  const desk: DeviceDesk = {
    view: () => ({ kind: 'label', ...state, place: placeOf(setting().target) }),
    reopen: async () => {
      const { target } = setting();
      if (target.kind === 'none') return setState({ state: 'notSet', trouble: null });
      if (target.kind === 'folder') return setState({ state: 'works', trouble: null });
      if (job?.state === 'running') return;
      await probe(target).catch((error: unknown) => deps.onFault(error));
    },
    close: async () => {
      run?.cancel();
      await ending;
    },
  };

  return {
    desk,
    feed,
    setting,
    set: (next: LabelSetting): LabelSetting => {
      deps.settings.save({ label: next });
      deps.onChange();
      void desk.reopen();
      return next;
    },
    job: () => job,
    isRunning: () => job?.state === 'running',
    openTools,
    start: (labels: LabelWork): LabelJob => {
      lastNo += 1;
      return begin(labels, 0, lastNo);
    },
    cancel: () => {
      run?.cancel();
      return job;
    },
    /** What a stopped print still has to do; null when it is another one. */
    goOn: (no: number, after: number): LabelJob | null => {
      if (work === null || job === null || job.no !== no || job.state === 'running' || after >= job.total) return null;
      // Another head was set meanwhile: those dots are not its dots.
      if (work.dpi !== setting().dpi) return null;
      lastNo += 1;
      return begin(work, after, lastNo);
    },
    dismiss: (): void => {
      if (job?.state === 'running') return;
      work = null;
      tell(null);
    },
  };
}
