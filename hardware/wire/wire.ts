/**
 * Wire: the promise every transport keeps, whatever the cable: serial, USB, network, a device file, a Windows
 * queue. Rule kept: opening and writing never throw for what a cable can do; they answer with a trouble that an
 * installer can act on. A wire knows bytes only: what they mean is the business of printer/, scanner/, scale/ …
 */
import type { Result } from '#core/result.ts';

/** Why a wire can't be opened, or why an open one ended. */
export type WireTrouble =
  /** Nothing there: unplugged, switched off, no such port, nobody at that address. */
  | 'absent'
  /** It is there, but this user may not open it (EACCES: group dialout or lp, a udev rule, an administrator). */
  | 'noPermission'
  /** Another program or a driver holds it. */
  | 'busy'
  /** Somebody is there and refuses (nothing listens on that port of the printer). */
  | 'refused'
  /** No answer within the time allowed. */
  | 'timeout'
  /** This PC has no such thing: no USB at all, no Windows queue because it is not Windows. */
  | 'unsupported'
  /** It was open and broke: pulled plug, power cut, reset by the other side. */
  | 'broken';

export type WriteOutcome =
  /** The system took every byte. */
  | { readonly kind: 'sent' }
  /** `sentBytes` are known to have gone; more may have. The wire is closed. */
  | { readonly kind: 'failed'; readonly sentBytes: number; readonly trouble: WireTrouble };

export type Wire = {
  /**
   * Hands bytes on in order and only as fast as the other side takes them. Answers within `stallMs` of the last
   * byte that was taken. Writes given while one runs wait their turn.
   */
  readonly write: (bytes: Uint8Array, stallMs: number) => Promise<WriteOutcome>;
  /**
   * Hears bytes as they come, never an empty array; what came before anybody listened is handed over first.
   * A wire that can't be read (a Windows queue) never calls. Returns how to stop.
   */
  readonly onData: (listener: (bytes: Uint8Array) => void) => () => void;
  /** Resolves once, when the wire ended: null when we closed it. Never rejects. */
  readonly ended: Promise<WireTrouble | null>;
  readonly isOpen: () => boolean;
  /** Ends it: waits until bytes that were taken have left (at most `drainMs`, 1 s unless told), then frees the device. Idempotent. */
  readonly close: (drainMs?: number) => Promise<void>;
};

/** What stays the same when a device moves to another socket of the PC. */
export type DeviceIdentity = {
  readonly vendorId: number;
  readonly productId: number;
  readonly serial: string | null;
};

export type SerialFormat = {
  readonly baud: number;
  readonly dataBits: 7 | 8;
  readonly parity: 'none' | 'even' | 'odd';
  readonly stopBits: 1 | 2;
  readonly flow: 'none' | 'xonXoff' | 'rtsCts';
};

/** Where a device hangs, as settings keep it. */
export type WireTarget =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  /** `identity`: a USB-serial adapter is found again by it although its COM number changed. Bluetooth serial is one too. */
  | {
      readonly kind: 'serial';
      readonly path: string;
      readonly format: SerialFormat;
      readonly identity: DeviceIdentity | null;
    }
  | { readonly kind: 'usb'; readonly identity: DeviceIdentity }
  /** A device the system gives as a file, as /dev/usb/lp0. */
  | { readonly kind: 'deviceFile'; readonly path: string }
  | { readonly kind: 'windowsQueue'; readonly name: string };

export type OpenWire = (target: WireTarget, connectMs?: number) => Promise<Result<Wire, WireTrouble>>;
