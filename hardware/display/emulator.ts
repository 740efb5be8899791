/**
 * A pole display without a pole: reads the command sets of Epson's DM-D and of the CD5220 and keeps two lines of
 * twenty. Rule kept: it does what the manuals say, not what the encoder sends; a command it doesn't know is listed,
 * never guessed. A picture of it is text.
 */
import { poleColumns } from './models.ts';

export type DisplayEmulator = {
  /** Bytes as they came off the wire, in pieces of any size. */
  readonly take: (bytes: Uint8Array) => void;
  readonly lines: () => readonly [string, string];
  /** The lines in a frame, for a person. */
  readonly picture: () => string;
  readonly unknown: () => readonly string[];
  /** Bytes taken so far: how chatty the till is. */
  readonly taken: () => number;
};

/** Commands by their first bytes and how many bytes follow. */
const commands: readonly { readonly head: readonly number[]; readonly length: number; readonly name: string }[] = [
  { head: [0x1b, 0x40], length: 0, name: 'init' },
  { head: [0x1b, 0x3d], length: 1, name: 'select' },
  { head: [0x1b, 0x74], length: 1, name: 'codePage' },
  { head: [0x1b, 0x52], length: 1, name: 'signs' },
  { head: [0x1b, 0x2a], length: 1, name: 'brightness' },
  { head: [0x1b, 0x5f], length: 1, name: 'cursor' },
  { head: [0x1b, 0x6c], length: 2, name: 'move' },
  { head: [0x1b, 0x11], length: 0, name: 'overwrite' },
  { head: [0x1b, 0x12], length: 0, name: 'scroll' },
  { head: [0x1b, 0x13], length: 0, name: 'marquee' },
  { head: [0x1f, 0x24], length: 2, name: 'move' },
  { head: [0x1f, 0x43], length: 1, name: 'cursor' },
  { head: [0x1f, 0x45], length: 1, name: 'blink' },
  { head: [0x1f, 0x58], length: 1, name: 'brightness' },
  { head: [0x1f, 0x42], length: 0, name: 'bottom' },
  { head: [0x1f, 0x01], length: 0, name: 'overwrite' },
  { head: [0x1f, 0x02], length: 0, name: 'scroll' },
  { head: [0x1f, 0x03], length: 0, name: 'marquee' },
];
const cells = 2 * poleColumns;

export function startDisplayEmulator(onChange: (picture: string) => void = () => {}): DisplayEmulator {
  let signs: string[] = Array.from({ length: cells }, () => ' ');
  let at = 0;
  let pending: number[] = [];
  let taken = 0;
  /** ESC = : whether what follows is for the display. */
  let isOurs = true;
  const unknown: string[] = [];

  const clear = (): void => {
    signs = Array.from({ length: cells }, () => ' ');
    at = 0;
  };
  const lines = (): readonly [string, string] => [
    signs.slice(0, poleColumns).join(''),
    signs.slice(poleColumns).join(''),
  ];
  const move = (column: number, row: number): void => {
    if (column < 1 || column > poleColumns || row < 1 || row > 2) return;
    at = (row - 1) * poleColumns + column - 1;
  };
  const rowStart = (): number => at - (at % poleColumns);
  const control: Readonly<Record<number, () => void>> = {
    0x08: () => (at = (at + cells - 1) % cells),
    0x0a: () => (at = (at + poleColumns) % cells),
    0x0b: () => (at = 0),
    0x0c: clear,
    0x0d: () => (at = rowStart()),
    0x18: () => {
      const start = rowStart();
      for (let i = start; i < start + poleColumns; i += 1) signs[i] = ' ';
      at = start;
    },
  };
  const run = (name: string, [a = 0, b = 0]: readonly number[]): void => {
    if (name === 'init') clear();
    if (name === 'move') move(a, b);
    if (name === 'bottom') at = cells - 1;
    if (name === 'select') isOurs = (a & 0x02) !== 0;
  };

  const byte = (one: number): void => {
    pending.push(one);
    const [first = 0, second] = pending;
    if (first === 0x1b || first === 0x1f) {
      if (second === undefined) return;
      const command = commands.find(({ head }) => head[0] === first && head[1] === second);
      if (command === undefined) {
        unknown.push(pending.map((value) => value.toString(16).padStart(2, '0')).join(' '));
        pending = [];
        return;
      }
      if (pending.length < 2 + command.length) return;
      const operands = pending.slice(2);
      pending = [];
      if (isOurs || command.name === 'select') run(command.name, operands);
      return;
    }
    pending = [];
    if (!isOurs) return;
    const act = control[one];
    if (act !== undefined) return act();
    if (one < 0x20) {
      unknown.push(one.toString(16).padStart(2, '0'));
      return;
    }
    signs[at] = one < 0x7f ? String.fromCharCode(one) : '\u2592';
    at = (at + 1) % cells;
  };

  const picture = (): string => {
    const edge = '─'.repeat(poleColumns + 2);
    return [`┌${edge}┐`, ...lines().map((line) => `│ ${line} │`), `└${edge}┘`].join('\n');
  };
  let shown = picture();
  return {
    take: (bytes) => {
      taken += bytes.length;
      for (const one of bytes) byte(one);
      const now = picture();
      if (now === shown) return;
      shown = now;
      onChange(now);
    },
    lines,
    picture,
    unknown: () => unknown,
    taken: () => taken,
  };
}
