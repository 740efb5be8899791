/**
 * A device on this PC as a person sees it: a picture, what it says, and what can be done to it. Rule kept: the page, the
 * keys of the terminal and a test use the same controls; a desk knows its emulator and no page.
 */
export type Control =
  /** `key`: one letter in the terminal and on the page. */
  | {
      readonly kind: 'button';
      readonly id: string;
      readonly key: string;
      readonly label: string;
      readonly press: () => void;
    }
  | {
      readonly kind: 'text';
      readonly id: string;
      readonly label: string;
      readonly examples: readonly { readonly label: string; readonly value: string }[];
      readonly send: (text: string) => void;
    }
  | {
      readonly kind: 'range';
      readonly id: string;
      readonly label: string;
      readonly max: number;
      readonly step: number;
      readonly set: (value: number) => void;
    };

export type DeskView = {
  /** How it is, in a few words: "paper out". */
  readonly state: string;
  readonly isTrouble: boolean;
  /** Its face, where it has one: two lines of a pole, the weight of a scale. */
  readonly face: string | null;
  /** Papers, newest first: the first may still be growing. */
  readonly papers: readonly { readonly id: string; readonly widthDots: number; readonly heightDots: number }[];
  /** What happened, newest first. */
  readonly log: readonly string[];
};

export type Desk = {
  readonly title: string;
  /** Where the till finds it: "127.0.0.1:9100". */
  readonly place: string;
  readonly view: () => DeskView;
  /** PNG of a paper of the view. */
  readonly paper: (id: string) => Uint8Array | null;
  readonly controls: readonly Control[];
  /** Called when the view may have changed. */
  readonly onChange: (listener: () => void) => void;
  readonly close: () => Promise<void>;
};

/** A log of the last things, and who is told of each. */
export function makeLog() {
  let lines: readonly string[] = [];
  const listeners: (() => void)[] = [];
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  return {
    lines: (): readonly string[] => lines,
    add: (line: string): void => {
      lines = [line, ...lines].slice(0, 200);
      process.stdout.write(`${line}\n`);
      changed();
    },
    changed,
    onChange: (listener: () => void): void => void listeners.push(listener),
  };
}

/** Does what a control is asked to; false when there is none of that name. */
export function useControl(desk: Desk, id: string, value: string): boolean {
  const control = desk.controls.find((one) => one.id === id);
  if (control === undefined) return false;
  if (control.kind === 'button') control.press();
  else if (control.kind === 'text') control.send(value);
  else {
    const number = Number(value);
    if (!Number.isFinite(number)) return false;
    control.set(Math.min(control.max, Math.max(0, number)));
  }
  return true;
}
