/**
 * Windows' print spooler (winspool.drv) as a handful of calls, and the one place that makes them, by koffi. Rule kept:
 * no call that may wait runs on the main thread; the logic above knows only the type. UNTRIED ON WINDOWS: written from
 * Microsoft's reference (Print Spooler API) and tested against a fake; .github/workflows/windows.yml would try it.
 */
import { err, ok, type Result } from '#core/result.ts';

/** A HANDLE. Opaque: only handed back. */
export type QueueHandle = { readonly handle: unknown };

/** PRINTER_STATUS_* and PRINTER_ATTRIBUTE_* bits, and jobs that wait. */
export type QueueState = { readonly status: number; readonly attributes: number; readonly jobs: number };

export type QueueInfo = QueueState & {
  readonly name: string;
  readonly driver: string | null;
  readonly port: string | null;
};

/** Errors are Windows' codes (winerror.h). */
export type Winspool = {
  readonly openPrinter: (name: string) => Promise<Result<QueueHandle, number>>;
  /** A document of bytes that no driver touches (RAW), and its one page. */
  readonly startDocument: (queue: QueueHandle, title: string) => Promise<Result<null, number>>;
  /** How many bytes the spooler took; 0 when it failed. */
  readonly writeBytes: (queue: QueueHandle, bytes: Uint8Array) => Promise<number>;
  /** From here on the spooler may print it. */
  readonly endDocument: (queue: QueueHandle) => Promise<boolean>;
  /** Takes the document back, as far as it has not been printed. */
  readonly abortDocument: (queue: QueueHandle) => Promise<void>;
  readonly closePrinter: (queue: QueueHandle) => Promise<void>;
  /** Null where it can't be asked. */
  readonly readState: (queue: QueueHandle) => Promise<QueueState | null>;
  readonly listQueues: () => Promise<readonly QueueInfo[]>;
};

/** PRINTER_ENUM_LOCAL | PRINTER_ENUM_CONNECTIONS (winspool.h). */
const enumLocalAndConnected = 0x02 | 0x04;

/** What PRINTER_INFO_2W holds, as koffi decodes it. */
type PrinterInfo = {
  readonly pPrinterName: string | null;
  readonly pPortName: string | null;
  readonly pDriverName: string | null;
  readonly Attributes: number;
  readonly Status: number;
  readonly cJobs: number;
};

let loaded: Promise<Winspool | null> | undefined;

/** Null where there is no Windows spooler. Loaded once: koffi knows each type by a name that is taken only once. */
export function loadWinspool(): Promise<Winspool | null> {
  loaded ??= process.platform === 'win32' ? load() : Promise.resolve(null);
  return loaded;
}

async function load(): Promise<Winspool | null> {
  // A system that the package has no build for (Windows on ARM in 32 bits).
  const koffi = await import('koffi').then(
    (module) => module.default,
    () => null,
  );
  if (koffi === null) return null;
  const spooler = koffi.load('winspool.drv');
  const kernel = koffi.load('kernel32.dll');

  const printerInfo = koffi.struct('BillMitraPrinterInfo2W', {
    pServerName: 'str16',
    pPrinterName: 'str16',
    pShareName: 'str16',
    pPortName: 'str16',
    pDriverName: 'str16',
    pComment: 'str16',
    pLocation: 'str16',
    pDevMode: 'void *',
    pSepFile: 'str16',
    pPrintProcessor: 'str16',
    pDatatype: 'str16',
    pParameters: 'str16',
    pSecurityDescriptor: 'void *',
    Attributes: 'uint32_t',
    Priority: 'uint32_t',
    DefaultPriority: 'uint32_t',
    StartTime: 'uint32_t',
    UntilTime: 'uint32_t',
    Status: 'uint32_t',
    cJobs: 'uint32_t',
    AveragePPM: 'uint32_t',
  });
  koffi.struct('BillMitraDocInfo1W', { pDocName: 'str16', pOutputFile: 'str16', pDatatype: 'str16' });

  const lastError = kernel.func('uint32_t __stdcall GetLastError()');
  const openPrinter = spooler.func('int __stdcall OpenPrinterW(str16 name, _Out_ void **handle, void *defaults)');
  const startDoc = spooler.func(
    'uint32_t __stdcall StartDocPrinterW(void *handle, uint32_t level, BillMitraDocInfo1W *info)',
  );
  const startPage = spooler.func('int __stdcall StartPagePrinter(void *handle)');
  const writePrinter = spooler.func(
    'int __stdcall WritePrinter(void *handle, const uint8_t *bytes, uint32_t count, _Out_ uint32_t *written)',
  );
  const endPage = spooler.func('int __stdcall EndPagePrinter(void *handle)');
  const endDoc = spooler.func('int __stdcall EndDocPrinter(void *handle)');
  const abort = spooler.func('int __stdcall AbortPrinter(void *handle)');
  const close = spooler.func('int __stdcall ClosePrinter(void *handle)');
  const getPrinter = spooler.func(
    'int __stdcall GetPrinterW(void *handle, uint32_t level, _Out_ uint8_t *info, uint32_t size, _Out_ uint32_t *needed)',
  );
  const enumPrinters = spooler.func(
    'int __stdcall EnumPrintersW(uint32_t flags, str16 name, uint32_t level, _Out_ uint8_t *info, uint32_t size, _Out_ uint32_t *needed, _Out_ uint32_t *count)',
  );

  /** On one of koffi's threads: the spooler may wait for a printer or for another PC. */
  const call = (fn: { readonly async: (...args: unknown[]) => void }, ...args: readonly unknown[]): Promise<number> =>
    new Promise((resolve, reject) => {
      fn.async(...args, (error: Error | null, value: number) => (error === null ? resolve(value) : reject(error)));
    });
  const decode = (bytes: Uint8Array, at: number): PrinterInfo => koffi.decode(bytes, at, printerInfo);
  const infoSize = koffi.sizeof(printerInfo);

  return {
    // On this thread: GetLastError is a thread's own, and its code tells a wrong name from a missing right.
    openPrinter: async (name) => {
      const handle: unknown[] = [null];
      return openPrinter(name, handle, null) === 0 ? err(Number(lastError())) : ok({ handle: handle[0] });
    },
    startDocument: async ({ handle }, title) => {
      const info = { pDocName: title, pOutputFile: null, pDatatype: 'RAW' };
      if (startDoc(handle, 1, info) === 0) return err(Number(lastError()));
      return startPage(handle) === 0 ? err(Number(lastError())) : ok(null);
    },
    writeBytes: async ({ handle }, bytes) => {
      const written = [0];
      const isDone = await call(writePrinter, handle, bytes, bytes.length, written);
      return isDone === 0 ? 0 : (written[0] ?? 0);
    },
    endDocument: async ({ handle }) => (await call(endPage, handle)) !== 0 && (await call(endDoc, handle)) !== 0,
    abortDocument: async ({ handle }) => void (await call(abort, handle)),
    closePrinter: async ({ handle }) => void (await call(close, handle)),
    readState: async ({ handle }) => {
      const needed = [0];
      await call(getPrinter, handle, 2, null, 0, needed);
      const info = new Uint8Array(needed[0] ?? 0);
      if (info.length < infoSize || (await call(getPrinter, handle, 2, info, info.length, needed)) === 0) return null;
      const { Status: status, Attributes: attributes, cJobs: jobs } = decode(info, 0);
      return { status, attributes, jobs };
    },
    listQueues: async () => {
      const [needed, count] = [[0], [0]];
      await call(enumPrinters, enumLocalAndConnected, null, 2, null, 0, needed, count);
      const info = new Uint8Array(needed[0] ?? 0);
      if (info.length === 0) return [];
      if ((await call(enumPrinters, enumLocalAndConnected, null, 2, info, info.length, needed, count)) === 0) return [];
      return Array.from({ length: count[0] ?? 0 }, (_, at) => decode(info, at * infoSize)).flatMap((one) =>
        one.pPrinterName === null
          ? []
          : [
              {
                name: one.pPrinterName,
                driver: one.pDriverName,
                port: one.pPortName,
                status: one.Status,
                attributes: one.Attributes,
                jobs: one.cJobs,
              },
            ],
      );
    },
  };
}
