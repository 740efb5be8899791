/**
 * Watches a printer between jobs, so that no paper or an open cover is on the screen within 2 s, before a bill needs
 * it. Rule kept: only changes are told; 'offline' only when two looks in a row or the printer itself say so, for
 * another till's job may hold the line for a moment. It prints nothing and never throws for a device's state.
 */
import type { Printer, PrinterStatus } from './port.ts';

const isSame = (a: PrinterStatus, b: PrinterStatus): boolean =>
  a.state === b.state && a.isPaperLow === b.isPaperLow && a.fault === b.fault && a.wire === b.wire;

/** Tells each change of the printer's status, the first one included. Returns how to stop. `everyMs`: else the printer's own. */
export function watchPrinter(
  printer: Pick<Printer, 'look' | 'onNews' | 'lookEveryMs'>,
  onStatus: (status: PrinterStatus) => void,
  everyMs: number = printer.lookEveryMs,
): () => void {
  let told: PrinterStatus | null = null;
  let isSilentOnce = false;
  let isOver = false;
  let timer: NodeJS.Timeout | null = null;
  const tell = (status: PrinterStatus): void => {
    if (isOver || (told !== null && isSame(told, status))) return;
    told = status;
    onStatus(status);
  };
  const stopNews = printer.onNews((status) => {
    isSilentOnce = false;
    tell(status);
  });
  const look = async (): Promise<void> => {
    const status = await printer.look();
    const isDoubtful = status.state === 'offline' && told?.state !== 'offline' && !isSilentOnce;
    isSilentOnce = status.state === 'offline';
    if (!isDoubtful) tell(status);
    if (isOver) return;
    timer = setTimeout(() => void look(), isDoubtful ? Math.min(everyMs, 500) : everyMs);
    timer.unref();
  };
  void look();
  return () => {
    isOver = true;
    stopNews();
    if (timer !== null) clearTimeout(timer);
  };
}
