/**
 * Opens the printer that a till's settings name. Rule kept: it never fails: a target that can't be reached is a
 * printer whose state says so. No printer at all is a printer too, one that takes nothing.
 */
import { openFileSink } from './file-sink.ts';
import type { PrinterModel } from './models.ts';
import type { Printer, PrinterTarget } from './port.ts';
import { openTcpPrinter, type TcpTimes } from './tcp.ts';

const noPrinter: Printer = {
  name: '',
  write: () => Promise.resolve({ kind: 'notStarted', reason: 'offline' }),
  status: () => Promise.resolve('notSet'),
  canTell: () => false,
  close: () => Promise.resolve(),
};

export function openPrinter(target: PrinterTarget, model: PrinterModel, times: Partial<TcpTimes> = {}): Printer {
  switch (target.kind) {
    case 'none':
      return noPrinter;
    case 'file':
      return openFileSink(target.path, target.mode);
    case 'tcp':
      return openTcpPrinter(target.host, target.port, model, times);
    default:
      return target satisfies never;
  }
}
