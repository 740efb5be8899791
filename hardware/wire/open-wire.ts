/**
 * Opens whatever wire the settings name. Rule kept: a driver is loaded when the first device of its kind is opened,
 * so that a till without one pays neither its memory nor its start. It decides nothing else.
 */
import { exhausted } from '#core/result.ts';
import type { OpenWire } from './wire.ts';

/** `connectMs`: 2 s unless told; Bluetooth serial may need 10. */
export const openWire: OpenWire = async (target, connectMs = 2_000) => {
  switch (target.kind) {
    case 'tcp':
      return (await import('./tcp-wire.ts')).openTcpWire(target.host, target.port, connectMs);
    case 'serial':
      return (await import('./serial-wire.ts')).openSerialWire(target, connectMs);
    case 'deviceFile':
      return (await import('./device-file-wire.ts')).openDeviceFileWire(target.path);
    case 'usb':
      return (await import('./usb-wire.ts')).openUsbWire(target.identity, connectMs);
    case 'windowsQueue':
      return (await import('./windows-queue-wire.ts')).openQueueWire(target.name);
    default:
      return exhausted(target);
  }
};
