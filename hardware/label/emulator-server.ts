/**
 * The label printer behind TCP 9100: for tests, demos and the emulate tool. Rule kept: it fails as real ones do: no
 * paper after so many labels, head open, paused, a cut link, silence when asked; what waits in it prints when the
 * cause is gone, as a real one does. It listens on loopback unless told otherwise.
 */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { LabelDpi } from '#core/label/fill-label.ts';
import type { Bitmap } from '../text/bitmap.ts';
import { openLabelRaster } from './label-raster.ts';
import { makeLabelReader } from './label-preview.ts';
import type { LabelLanguageName } from './label-sheet.ts';
import { type LabelPrinterFacts, writeTsplStatus, writeZplStatus } from './label-status.ts';
import { openMatrixCodes } from './matrix-code.ts';

export type LabelEmulatorOptions = {
  readonly language: LabelLanguageName;
  readonly dpi?: LabelDpi | undefined;
  readonly port?: number | undefined;
  readonly host?: string | undefined;
  /** A row takes this long, 0 unless told: it is out at once. */
  readonly rowMs?: number | undefined;
  /** false: a printer that never answers. */
  readonly hasStatus?: boolean | undefined;
  readonly onRow?: ((row: Bitmap, no: number) => void) | undefined;
};
export type LabelEmulatorState = {
  readonly isPaperOut: boolean;
  readonly isHeadOpen: boolean;
  readonly isPaused: boolean;
};
export type LabelEmulator = {
  readonly port: number;
  /** Every row that came out, oldest first; the last 2,000 are kept. */
  readonly rows: () => readonly Bitmap[];
  readonly setState: (change: Partial<LabelEmulatorState>) => void;
  /** The roll ends after so many more rows. */
  readonly paperOutAfter: (rows: number | null) => void;
  /** Cuts the link once so many more bytes came. */
  readonly cutAfter: (bytes: number | null) => void;
  readonly receivedBytes: () => number;
  readonly close: () => Promise<void>;
};

const keptRows = 2_000;

export async function startLabelEmulator(options: LabelEmulatorOptions): Promise<LabelEmulator> {
  const [raster, matrix] = await Promise.all([openLabelRaster(), openMatrixCodes()]);
  const tools = raster === null ? null : { raster, matrix };
  const sockets = new Set<Socket>();
  const printed: Bitmap[] = [];
  let waiting: { readonly bitmap: Bitmap; left: number }[] = [];
  let state: LabelEmulatorState = { isPaperOut: false, isHeadOpen: false, isPaused: false };
  let rowsLeft: number | null = null;
  let bytesLeft: number | null = null;
  let received = 0;
  let timer: NodeJS.Timeout | null = null;
  let no = 0;
  const canPrint = (): boolean => !state.isPaperOut && !state.isHeadOpen && !state.isPaused;

  const printOne = (): void => {
    const format = waiting[0];
    if (format === undefined) return;
    if (rowsLeft !== null) {
      if (rowsLeft === 0) {
        rowsLeft = null;
        state = { ...state, isPaperOut: true };
        return;
      }
      rowsLeft -= 1;
    }
    printed.push(format.bitmap);
    if (printed.length > keptRows) printed.shift();
    no += 1;
    options.onRow?.(format.bitmap, no);
    format.left -= 1;
    if (format.left <= 0) waiting = waiting.slice(1);
  };
  const run = (): void => {
    const rowMs = options.rowMs ?? 0;
    while (rowMs === 0 && waiting.length > 0 && canPrint()) printOne();
    if (rowMs === 0 || timer !== null || waiting.length === 0 || !canPrint()) return;
    timer = setTimeout(() => {
      timer = null;
      if (canPrint()) printOne();
      run();
    }, rowMs);
  };
  const facts = (): LabelPrinterFacts => ({
    ...state,
    remaining: waiting[0]?.left ?? 0,
    waitingFormats: Math.max(0, waiting.length - 1),
  });
  let talking: Socket | null = null;
  const reader = makeLabelReader({ language: options.language, dpi: options.dpi ?? 203 }, tools, (event) => {
    if (event.kind === 'rows') {
      waiting.push({ bitmap: event.bitmap, left: event.copies });
      run();
    } else if (event.kind === 'cancelAll') waiting = [];
    else if (options.hasStatus !== false && talking?.writable === true) {
      talking.write(options.language === 'zpl' ? writeZplStatus(facts()) : writeTsplStatus(facts()));
    }
  });

  const server = createServer((socket) => {
    sockets.add(socket);
    // A reset by the other side is a cut cable: the half command is forgotten.
    socket.on('error', () => reader.reset());
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (bytes: Buffer) => {
      talking = socket;
      const isCut = bytesLeft !== null && bytes.length >= bytesLeft;
      const taken = isCut ? bytes.subarray(0, bytesLeft ?? 0) : bytes;
      if (bytesLeft !== null) bytesLeft -= taken.length;
      received += taken.length;
      reader.feed(taken);
      if (!isCut) return;
      bytesLeft = null;
      reader.reset();
      socket.resetAndDestroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    rows: () => printed,
    setState: (change) => {
      state = { ...state, ...change };
      run();
    },
    paperOutAfter: (rows) => {
      rowsLeft = rows;
    },
    cutAfter: (bytes) => {
      bytesLeft = bytes;
    },
    receivedBytes: () => received,
    close: () =>
      new Promise((resolve) => {
        if (timer !== null) clearTimeout(timer);
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
