/**
 * Opens the link of a scanner where it hangs. Rule kept: a link never fails to open: it looks for its scanner
 * until it is closed, and tells why it hasn't found it. A USB scanner is HID-POS; one that the system gives as a
 * serial port is a serial target.
 */
import type { WireTarget } from '../wire/wire.ts';
import type { ScanLink } from './serial-scanner.ts';

export async function openScanLink(target: WireTarget): Promise<ScanLink> {
  if (target.kind === 'usb') {
    const { openHidLink } = await import('./hid-link.ts');
    return openHidLink(target.identity);
  }
  const { openWireLink } = await import('./wire-link.ts');
  return openWireLink(target);
}
