/**
 * A pole display on a link that comes and goes. Rule kept: the newest two lines win; what was never sent is never
 * caught up with, and nobody waits for a display. After a break the whole picture is sent anew.
 */
import type { WireTrouble } from '../wire/wire.ts';
import { encodePole, type PoleLines } from './encode.ts';
import type { PoleModel } from './models.ts';

export type PoleState = 'looking' | 'works' | WireTrouble;

/** The wire as a display needs it. */
export type PoleLink = {
  /** True when the bytes left. False: they didn't, or nobody knows. Never throws. */
  readonly send: (bytes: Uint8Array) => Promise<boolean>;
  readonly close: () => Promise<void>;
};
export type PoleLinkEvents = {
  readonly opened: () => void;
  readonly troubled: (trouble: WireTrouble) => void;
};

export type Pole = {
  readonly show: (lines: PoleLines) => void;
  readonly state: () => PoleState;
  readonly close: () => Promise<void>;
};

export type MakePole = {
  readonly model: PoleModel;
  readonly connect: (events: PoleLinkEvents) => PoleLink;
  readonly onState: (state: PoleState) => void;
};

export function makePole({ model, connect, onState }: MakePole): Pole {
  let state: PoleState = 'looking';
  /** What the display shows; null: not known. */
  let shown: PoleLines | null = null;
  let wanted: PoleLines | null = null;
  let isSending = false;
  let isClosed = false;

  const enter = (next: PoleState): void => {
    if (isClosed || next === state) return;
    state = next;
    onState(next);
  };
  const send = async (): Promise<void> => {
    if (isSending) return;
    isSending = true;
    while (!isClosed && state === 'works' && wanted !== null && wanted !== shown) {
      const next: PoleLines = wanted;
      const bytes = encodePole(model, shown, next);
      const before = shown;
      shown = next;
      if (bytes.length > 0 && !(await link.send(bytes)) && shown === next) {
        // Half a picture may stand there: the next one begins with "clear".
        shown = null;
        if (before === null) break;
      }
    }
    isSending = false;
  };
  const link = connect({
    opened: () => {
      shown = null;
      enter('works');
      void send();
    },
    troubled: (trouble) => {
      shown = null;
      enter(trouble);
    },
  });
  return {
    show: (lines) => {
      wanted = lines;
      void send();
    },
    state: () => state,
    close: async () => {
      isClosed = true;
      await link.close();
    },
  };
}
