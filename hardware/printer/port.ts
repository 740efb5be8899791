/**
 * Printer: the promise that every receipt printer, real or fake, keeps. Rule kept: an outcome never flatters.
 * 'done' only when every byte left and the printer, where it can be asked, said so; 'notStarted' only when
 * not one byte left, so the job may simply be tried again; anything between is 'cut', for a person to judge.
 */
import type { WireTarget, WireTrouble } from '../wire/wire.ts';
import type { PrinterFault, StatusReading } from './status.ts';

/** As the till's device feed shows it. */
export type PrinterState = StatusReading['state'] | 'notSet';
export type PrinterTrouble = Exclude<PrinterState, 'ready' | 'notSet'>;

export type PrinterStatus = {
  readonly state: PrinterState;
  /** The roll is near its end: a warning beside the state, it stops nothing. */
  readonly isPaperLow: boolean;
  /** What stands behind 'error', where the printer tells. */
  readonly fault: PrinterFault | null;
  /** Why its wire couldn't be opened or ended; null where the wire is not what is wrong. */
  readonly wire: WireTrouble | null;
};
export const statusOf = (state: PrinterState, change: Partial<PrinterStatus> = {}): PrinterStatus => ({
  state,
  isPaperLow: false,
  fault: null,
  wire: null,
  ...change,
});

export type PrintOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'notStarted'; readonly reason: PrinterTrouble }
  /** `sentBytes` are known to have left; more may have. `reason` is what was found afterwards. */
  | {
      readonly kind: 'cut';
      readonly sentBytes: number;
      readonly totalBytes: number;
      readonly reason: PrinterTrouble;
    };

export type Printer = {
  readonly name: string;
  /**
   * Prints one job. Never throws for a device's state and always answers within the printer's own time limits.
   * Jobs given while one runs wait their turn; bytes are handed on only as fast as the printer takes them.
   */
  readonly write: (job: Uint8Array) => Promise<PrintOutcome>;
  /** The state now. Safe to call at any time; answers 'offline' rather than throwing. Waits for a running job. */
  readonly status: () => Promise<PrinterState>;
  /** The same with all that is known besides. */
  readonly look: () => Promise<PrinterStatus>;
  /** Hears what the printer says unasked: paper out in the middle of a job, a pulled plug. Returns how to stop. */
  readonly onNews: (listener: (status: PrinterStatus) => void) => () => void;
  /** It has answered a question about its state; before that, and for good where it is mute, 'ready' is assumed. */
  readonly canTell: () => boolean;
  /** Lets a running job end, then frees the wire. Later writes answer notStarted. */
  readonly close: () => Promise<void>;
};

/** Where a till's receipts go, as settings keep it. */
export type PrinterTarget =
  | { readonly kind: 'none' }
  /** `append`: one growing file. `folder`: a new file for each job. */
  | { readonly kind: 'file'; readonly path: string; readonly mode: 'append' | 'folder' }
  | WireTarget;

/** Runs tasks one after the other, in the order they came; a failed one doesn't stop the next. */
export function inTurn(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const next = last.then(task, task);
    last = next.catch(() => undefined);
    return next;
  };
}
